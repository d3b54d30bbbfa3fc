package io.sessionizer.visits;

/** A record that the format's condition leaves out: no visit, and nothing is wrong with it. */
public enum Filtered implements ParsedRecord {
  FILTERED
}
