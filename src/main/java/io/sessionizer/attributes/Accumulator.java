package io.sessionizer.attributes;

import io.sessionizer.formats.AggregateFunction;
import io.sessionizer.records.ProjectedFields;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/** What a function has made of the values of some visits. Not thread-safe. */
abstract class Accumulator {
  /** How many values {@code distinct} has, at most. */
  static final int MAX_LISTED = 100;

  /** How many values {@code countDistinct} counts, at most. */
  static final int MAX_COUNTED = 10_000;

  /** Creates the accumulator of no values. */
  static Accumulator of(AggregateFunction function) {
    return switch (function) {
      case FIRST -> new First();
      case LAST -> new Last();
      case ANY -> new AnyTrue();
      case COUNT -> new CountValues();
      case DISTINCT -> new Distinct();
      case COUNT_DISTINCT -> new CountDistinct();
      case MIN -> new Extreme(-1);
      case MAX -> new Extreme(1);
      case SUM -> new Sum();
    };
  }

  /** Adds the value that the next visit has: a slice of bytes, which are not copied. */
  abstract void add(byte type, byte[] bytes, int from, int length);

  /** Returns the value; null if there is none. Of a list there is none. */
  abstract @Nullable ValueSlice value();

  /** The first value. */
  private static final class First extends Accumulator {
    private @Nullable ValueSlice first;

    @Override
    void add(byte type, byte[] bytes, int from, int length) {
      if (first == null) {
        first = new ValueSlice(type, bytes, from, length);
      }
    }

    @Override
    @Nullable ValueSlice value() {
      return first;
    }
  }

  /** The last value. */
  private static final class Last extends Accumulator {
    private byte lastType;
    private byte[] lastBytes = {};
    private int lastFrom;
    private int lastLength;

    @Override
    void add(byte type, byte[] bytes, int from, int length) {
      lastType = type;
      lastBytes = bytes;
      lastFrom = from;
      lastLength = length;
    }

    @Override
    @Nullable ValueSlice value() {
      return lastType == 0 ? null : new ValueSlice(lastType, lastBytes, lastFrom, lastLength);
    }
  }

  /** Whether a value is there: only a condition that is true has one. */
  private static final class AnyTrue extends Accumulator {
    private boolean isTrue;

    @Override
    void add(byte type, byte[] bytes, int from, int length) {
      isTrue = true;
    }

    @Override
    ValueSlice value() {
      return ValueSlice.of(isTrue);
    }
  }

  /** How many values there are. */
  private static final class CountValues extends Accumulator {
    private long count;

    @Override
    void add(byte type, byte[] bytes, int from, int length) {
      count++;
    }

    @Override
    ValueSlice value() {
      return ValueSlice.of(count);
    }
  }

  /** The smallest of the different values, in their order. */
  static final class Distinct extends Accumulator {
    private final TreeSet<ValueSlice> smallest = new TreeSet<>();
    private @Nullable ValueSlice last;
    private boolean isTruncated;

    @Override
    void add(byte type, byte[] bytes, int from, int length) {
      if (last != null && last.is(type, bytes, from, length)) {
        return; // most often the visits of a session have the same
      }
      last = new ValueSlice(type, bytes, from, length);
      if (smallest.add(last) && smallest.size() > MAX_LISTED) {
        smallest.pollLast();
        isTruncated = true;
      }
    }

    @Override
    @Nullable ValueSlice value() {
      return null;
    }

    SortedSet<ValueSlice> values() {
      return smallest;
    }

    /** Whether there are more values. */
    boolean isTruncated() {
      return isTruncated;
    }
  }

  /** How many different values there are. */
  private static final class CountDistinct extends Accumulator {
    private final Set<ValueSlice> values = new HashSet<>();
    private @Nullable ValueSlice last;

    @Override
    void add(byte type, byte[] bytes, int from, int length) {
      if (values.size() == MAX_COUNTED || (last != null && last.is(type, bytes, from, length))) {
        return;
      }
      last = new ValueSlice(type, bytes, from, length);
      values.add(last);
    }

    @Override
    ValueSlice value() {
      return ValueSlice.of(values.size());
    }
  }

  /** A function of the values that are numbers, or texts that are numbers as JSON writes them. */
  private abstract static class OfNumbers extends Accumulator {
    abstract void add(BigDecimal number);

    @Override
    final void add(byte type, byte[] bytes, int from, int length) {
      BigDecimal number =
          type == ProjectedFields.NUMBER || type == ProjectedFields.TEXT
              ? DecimalText.parse(bytes, from, length)
              : null;
      if (number != null) {
        add(number);
      }
    }
  }

  /** The smallest or the largest number. */
  private static final class Extreme extends OfNumbers {
    private final int sign;
    private @Nullable BigDecimal extreme;

    /** Creates one of the largest number if {@code sign} is 1, of the smallest if it is -1. */
    Extreme(int sign) {
      this.sign = sign;
    }

    @Override
    void add(BigDecimal number) {
      if (extreme == null || sign * number.compareTo(extreme) > 0) {
        extreme = number;
      }
    }

    @Override
    @Nullable ValueSlice value() {
      return extreme == null ? null : ValueSlice.of(extreme);
    }
  }

  /** The exact sum of the numbers. */
  private static final class Sum extends OfNumbers {
    private BigDecimal sum = BigDecimal.ZERO;

    @Override
    void add(BigDecimal number) {
      sum = sum.add(number);
    }

    @Override
    ValueSlice value() {
      return ValueSlice.of(sum);
    }
  }
}
