package io.sessionizer.records;

import java.util.Locale;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Why a session ended.
 *
 * @param cause what decided that it ends
 * @param rule of {@link Cause#CHANGED} and {@link Cause#ENDED}, as in the flag: {@code FIELD} or
 *     {@code FIELD=VALUE}; else null
 */
public record EndReason(Cause cause, @Nullable String rule) {

  /** What decides that a session ends. */
  public enum Cause {
    /** No visit for the length of the gap. */
    INACTIVITY,
    /** The next visit, without a gap before it, would exceed the maximum session length. */
    MAX_DURATION,
    /** The session has the maximum number of visits. */
    MAX_PAGES,
    /** The next visit, without a gap before it, would exceed the maximum size of the record. */
    MAX_BYTES,
    /** The next visit, without a gap before it, is on another local date than the first one. */
    MIDNIGHT,
    /** The next visit, without a gap before it, has another value of a field. */
    CHANGED,
    /** A visit has a value that ends a session. */
    ENDED;

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    private boolean hasRule() {
      return this == CHANGED || this == ENDED;
    }
  }

  /** {@link Cause#INACTIVITY}. */
  public static final EndReason INACTIVITY = new EndReason(Cause.INACTIVITY, null);

  /** {@link Cause#MAX_DURATION}. */
  public static final EndReason MAX_DURATION = new EndReason(Cause.MAX_DURATION, null);

  /** {@link Cause#MAX_PAGES}. */
  public static final EndReason MAX_PAGES = new EndReason(Cause.MAX_PAGES, null);

  /** {@link Cause#MAX_BYTES}. */
  public static final EndReason MAX_BYTES = new EndReason(Cause.MAX_BYTES, null);

  /** {@link Cause#MIDNIGHT}. */
  public static final EndReason MIDNIGHT = new EndReason(Cause.MIDNIGHT, null);

  /** Rejects a rule where there is none, and the other way round. */
  public EndReason {
    if (cause.hasRule() != (rule != null)) {
      throw new IllegalArgumentException(
          "the end reason %s %s a rule".formatted(cause, rule == null ? "needs" : "has no"));
    }
  }

  /** A reason that a rule decided. */
  public static EndReason changed(String field) {
    return new EndReason(Cause.CHANGED, field);
  }

  /** A reason that a rule decided. */
  public static EndReason ended(String field, String value) {
    return new EndReason(Cause.ENDED, field + "=" + value);
  }

  /** The value of the header {@code end_reason}, such as {@code changed:user_id}. */
  public String headerValue() {
    return rule == null ? cause.text() : cause.text() + ":" + rule;
  }

  /**
   * Returns the reason with a value of the header.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static EndReason ofHeaderValue(String value) {
    int colon = value.indexOf(':');
    String text = colon < 0 ? value : value.substring(0, colon);
    for (Cause cause : Cause.values()) {
      if (cause.text().equals(text) && cause.hasRule() == (colon >= 0)) {
        return new EndReason(cause, colon < 0 ? null : value.substring(colon + 1));
      }
    }
    throw new IllegalArgumentException("there is no end reason " + value);
  }
}
