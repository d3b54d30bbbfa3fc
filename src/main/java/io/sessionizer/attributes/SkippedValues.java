package io.sessionizer.attributes;

import java.io.Serializable;

/** Counts values that no attribute has, since they are too large. */
public interface SkippedValues extends Serializable {
  /** Counts nothing. */
  SkippedValues UNCOUNTED = values -> {};

  /** Adds some values, at least one. */
  void add(int values);
}
