package io.sessionizer.records;

import java.util.Locale;

/** Whether a session came out when the watermark passed its end, or as a correction later. */
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
