package io.sessionizer.visits;

/** A record that the condition of the format leaves out, and that is not malformed. */
public enum Filtered implements ParsedRecord {
  FILTERED
}
