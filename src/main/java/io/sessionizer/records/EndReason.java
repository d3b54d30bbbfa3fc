package io.sessionizer.records;

import java.util.Locale;

/** Why a session ended. */
public enum EndReason {
  /** No visit for the length of the gap. */
  INACTIVITY,
  /** The next visit came, without a gap, when the session was as long as it may be. */
  MAX_DURATION,
  /** The session has as many visits as it may have. */
  MAX_PAGES,
  /** The next visit came, without a gap, when the record had no room for it. */
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
