package io.sessionizer.config;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The first record to read when there is no saved state.
 *
 * @param position the kind of place
 * @param time for {@link Position#TIME}, the Kafka timestamp of the first record to read; else null
 */
public record StartFrom(Position position, @Nullable Instant time) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The kinds of places to start at. */
  public enum Position {
    /** The first record that the topic still has. */
    EARLIEST,
    /** Behind the last record that the topic has now. */
    LATEST,
    /** Where the consumer group stopped; a partition without such a place from its beginning. */
    COMMITTED,
    /** The first record with this Kafka timestamp or a later one. */
    TIME
  }

  /**
   * Reads {@code earliest}, {@code latest}, {@code committed} or an ISO-8601 time with an offset.
   *
   * @throws DateTimeException if the text is none of them
   */
  static StartFrom parse(String text) {
    return switch (text) {
      case "earliest" -> new StartFrom(Position.EARLIEST, null);
      case "latest" -> new StartFrom(Position.LATEST, null);
      case "committed" -> new StartFrom(Position.COMMITTED, null);
      default -> new StartFrom(Position.TIME, time(text));
    };
  }

  private static Instant time(String text) {
    Instant time = OffsetDateTime.parse(text).toInstant();
    if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.ofEpochMilli(Long.MAX_VALUE))) {
      throw new DateTimeException("not a Kafka timestamp: " + text);
    }
    return time;
  }

  /** Returns the Kafka timestamp of {@link Position#TIME}, in epoch milliseconds. */
  public long timeMillis() {
    return Objects.requireNonNull(time, "only TIME has a time").toEpochMilli();
  }

  @Override
  public String toString() {
    return time == null ? position.name().toLowerCase(Locale.ROOT) : time.toString();
  }
}
