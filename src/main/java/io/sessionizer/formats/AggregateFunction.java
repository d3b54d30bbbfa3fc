package io.sessionizer.formats;

import org.checkerframework.checker.nullness.qual.Nullable;

/** A function of the values that the visits of a session have. */
public enum AggregateFunction {
  /** The value of the first visit that has one. */
  FIRST("first"),
  /** The value of the last visit that has one. */
  LAST("last"),
  /** Whether a condition is true of a visit. */
  ANY("any"),
  /** How many visits there are, have a value, or fulfil a condition. */
  COUNT("count"),
  /** The different values, in their order. */
  DISTINCT("distinct"),
  /** How many different values there are. */
  COUNT_DISTINCT("countDistinct"),
  /** The smallest number. */
  MIN("min"),
  /** The largest number. */
  MAX("max"),
  /** The sum of the numbers. */
  SUM("sum");

  private final String text;

  AggregateFunction(String text) {
    this.text = text;
  }

  /** Returns the function of a name; null if there is none. */
  static @Nullable AggregateFunction named(String name) {
    for (AggregateFunction function : values()) {
      if (function.text.equals(name)) {
        return function;
      }
    }
    return null;
  }

  /** Returns its name. */
  public String text() {
    return text;
  }
}
