package io.sessionizer.records;

import java.util.Locale;

/** Whether a session was emitted when the watermark passed its end, or later by a late visit. */
public enum Timing {
  ON_TIME,
  LATE;

  /** The value of the header {@code timing}. */
  public String headerValue() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the constant with a value of the header.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Timing ofHeaderValue(String value) {
    for (Timing constant : values()) {
      if (constant.headerValue().equals(value)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("there is no timing " + value);
  }
}
