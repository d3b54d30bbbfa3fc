package io.sessionizer.explain;

/** What a line of an explanation is about, which decides how it is shown. */
public enum LineStyle {
  /** The first line, the summary. */
  RESULT,
  /** The title of what follows. */
  TITLE,
  /** An ordinary result. */
  PLAIN,
  /** An explanation of the lines around it. */
  ASIDE,
  /** A late visit, or a change that one made. */
  LATE,
  /** A rejected record. */
  DEAD
}
