package io.sessionizer.visits;

/** A record that is counted and goes no further, and that is not malformed. */
public enum LeftOut implements ParsedRecord {
  /** The condition of the format is false of it. */
  FILTERED,

  /** It is private, and the format leaves out private visits. */
  EXCLUDED
}
