package io.sessionizer.records;

import java.util.Locale;

/** Why a session ended. */
public enum EndReason {
  /** No visit for the length of the gap. */
  INACTIVITY,
  /** The next visit, without a gap before it, would exceed the maximum session length. */
  MAX_DURATION,
  /** The session has the maximum number of visits. */
  MAX_PAGES,
  /** The next visit, without a gap before it, would exceed the maximum size of the record. */
  MAX_BYTES;

  /** The value of the header {@code end_reason}. */
  public String headerValue() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the constant with a value of the header.
   *
   * @throws IllegalArgumentException if there is none
   */
  static EndReason ofHeaderValue(String value) {
    for (EndReason constant : values()) {
      if (constant.headerValue().equals(value)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("there is no end reason " + value);
  }
}
