package io.sessionizer.sessions;

import java.util.Locale;

/** Ways to form sessions. On visits that are not late both give the same bytes. */
public enum Engine {
  /** Beam's session windows: portable, but they take nothing back and drop late visits. */
  WINDOWS,
  /** A state machine per visit id: corrects what late visits change, and keeps those too late. */
  STATEFUL;

  /** The name in the flag {@code --engine}. */
  public String flagValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
