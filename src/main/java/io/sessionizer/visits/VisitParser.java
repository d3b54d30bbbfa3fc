package io.sessionizer.visits;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.records.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Parses records: each is a visit, left out, or rejected with the reason. Never throws. Not
 * thread-safe.
 */
public final class VisitParser {
  private final InputFormat format;
  private final VisitReader reader;
  private final int maxRecordBytes;
  private final Duration maxFutureSkew;
  private final Clock clock;

  /** An event time that was not in the future when the clock was read: nor are earlier ones. */
  private long latestMillis = Long.MIN_VALUE;

  /** Creates a parser of the default format. */
  public VisitParser(int maxRecordBytes, Duration maxFutureSkew, Clock clock) {
    this(InputFormat.DEFAULT, maxRecordBytes, maxFutureSkew, clock);
  }

  /**
   * Creates a parser.
   *
   * @param format how records are read as visits
   * @param maxRecordBytes the largest value, in bytes
   * @param maxFutureSkew how far ahead of {@code clock} an event time may be, in whole milliseconds
   * @param clock the wall clock
   */
  public VisitParser(InputFormat format, int maxRecordBytes, Duration maxFutureSkew, Clock clock) {
    this.format = format;
    this.reader = new VisitReader(new VisitFields(format));
    this.maxRecordBytes = maxRecordBytes;
    this.maxFutureSkew = maxFutureSkew;
    this.clock = clock;
  }

  /** Reads a record's value; null stands for a record without one. */
  public ParsedRecord parse(byte @Nullable [] value) {
    return parse(value, null);
  }

  /**
   * Reads a record.
   *
   * @param value its value; null stands for a record without one
   * @param head what else it has; null if it is not one of Kafka
   */
  public ParsedRecord parse(byte @Nullable [] value, @Nullable RecordHead head) {
    if (value == null) {
      return Rejection.WITHOUT_VALUE;
    }
    try {
      LeftOut leftOut = read(value, 0, value.length, head);
      return leftOut == null ? reader.visit() : leftOut;
    } catch (RejectedVisitException e) {
      return new Rejection(e.reason(), e.getMessage(), value);
    }
  }

  /** Returns the visit id of a record, even if it is rejected for another reason; else null. */
  public @Nullable String visitId(byte[] value, @Nullable RecordHead head) {
    try {
      checkSize(0, value.length);
      return reader.visitId(value, head);
    } catch (RejectedVisitException e) {
      return null;
    }
  }

  /** Returns the field that has the visit id, as the user wrote it. */
  public String visitIdField() {
    return format.visitId().text();
  }

  /**
   * Reads a visit, without creating objects: {@link #reader} has it.
   *
   * @return why the record is left out; null if it is a visit
   */
  @Nullable LeftOut read(byte[] bytes, int from, int to, @Nullable RecordHead head)
      throws RejectedVisitException {
    checkSize(from, to);
    LeftOut leftOut = reader.read(bytes, from, to, head);
    if (leftOut == null) {
      checkTime(reader.eventTimeMillis());
    }
    return leftOut;
  }

  /** Whether records are parsed with what they have besides their value. */
  public boolean usesHead() {
    return format.usesKafka();
  }

  /** Whether records have the default format. */
  public boolean readsDefault() {
    return format.isDefault();
  }

  VisitReader reader() {
    return reader;
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
          format.eventTime()
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
