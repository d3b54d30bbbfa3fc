package io.sessionizer.explain;

/** What a line of a story is, for whoever shows it. */
public enum LineStyle {
  /** The first line, which says it all. */
  RESULT,
  /** The title of what follows. */
  TITLE,
  /** As it should be. */
  PLAIN,
  /** What explains the lines around it. */
  ASIDE,
  /** A visit that is late, and what came of it. */
  LATE,
  /** A record that is no visit. */
  DEAD
}
