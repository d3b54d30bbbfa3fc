package io.sessionizer.sessions;

import java.util.Locale;

/** Ways to form sessions. On visits that are not late both give the same bytes. */
public enum Engine {
  /**
   * Beam's session windows: portable, but they retract nothing and drop visits that are too late.
   */
  WINDOWS,
  /**
   * Shards of the visit ids, with an index in memory: corrects what late visits change, and routes
   * those that are too late to {@code late-visits}.
   */
  STATEFUL;

  /** The name in the flag {@code --engine}. */
  public String flagValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
