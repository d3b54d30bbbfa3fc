package io.sessionizer.sessions;

import java.util.Locale;

/** Why a session ended. */
public enum EndReason {
  /** No visit for the length of the gap. */
  INACTIVITY;

  /** The value of the header {@code end_reason}. */
  public String headerValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
