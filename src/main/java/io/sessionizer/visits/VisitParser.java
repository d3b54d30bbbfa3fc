package io.sessionizer.visits;

import io.sessionizer.records.Reason;
import io.sessionizer.records.VisitFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Parses a record's value: a visit, or a rejection with the reason. Never throws. Not thread-safe.
 */
public final class VisitParser {
  private final VisitReader reader = new VisitReader(VisitFields.DEFAULT);
  private final int maxRecordBytes;
  private final Duration maxFutureSkew;
  private final Clock clock;

  /** An event time that was not in the future when the clock was read: nor are earlier ones. */
  private long latestMillis = Long.MIN_VALUE;

  /**
   * Creates a parser.
   *
   * @param maxRecordBytes the largest value, in bytes
   * @param maxFutureSkew how far ahead of {@code clock} an event time may be, in whole milliseconds
   * @param clock the wall clock
   */
  public VisitParser(int maxRecordBytes, Duration maxFutureSkew, Clock clock) {
    this.maxRecordBytes = maxRecordBytes;
    this.maxFutureSkew = maxFutureSkew;
    this.clock = clock;
  }

  /** Reads a record's value; null stands for a record without one. */
  public ParsedRecord parse(byte @Nullable [] value) {
    if (value == null) {
      return Rejection.WITHOUT_VALUE;
    }
    try {
      return visit(value, 0, value.length);
    } catch (RejectedVisitException e) {
      return new Rejection(e.reason(), e.getMessage(), value);
    }
  }

  /**
   * Reads a visit in place if it is plain, without creating objects.
   *
   * @return whether {@link #reader} has it; else {@link #visit} reads it
   */
  boolean scan(byte[] bytes, int from, int to) throws RejectedVisitException {
    checkSize(from, to);
    if (!reader.scan(bytes, from, to)) {
      return false;
    }
    checkTime(reader.eventTimeMillis());
    return true;
  }

  VisitReader reader() {
    return reader;
  }

  Visit visit(byte[] bytes, int from, int to) throws RejectedVisitException {
    checkSize(from, to);
    Visit visit = reader.read(bytes, from, to);
    checkTime(visit.eventTimeMillis());
    return visit;
  }

  private void checkSize(int from, int to) throws RejectedVisitException {
    if (from == to) {
      throw new RejectedVisitException(Reason.EMPTY, "the record has no value");
    }
    if (to - from > maxRecordBytes) {
      throw new RejectedVisitException(
          Reason.TOO_LARGE,
          "the value has " + (to - from) + " bytes, " + maxRecordBytes + " at most");
    }
  }

  private void checkTime(long eventTimeMillis) throws RejectedVisitException {
    if (eventTimeMillis > latestMillis && isFuture(eventTimeMillis)) {
      throw new RejectedVisitException(
          Reason.FUTURE_EVENT_TIME,
          VisitFormat.EVENT_TIME
              + " "
              + Instant.ofEpochMilli(eventTimeMillis)
              + " is more than "
              + maxFutureSkew
              + " ahead of the wall clock");
    }
  }

  private boolean isFuture(long eventTimeMillis) {
    latestMillis = Math.addExact(clock.millis(), maxFutureSkew.toMillis());
    return eventTimeMillis > latestMillis;
  }
}
