package io.sessionizer.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.inspect.Shape.Read;
import io.sessionizer.sessions.SessionPolicy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Everything that is known about the records of a sample: their shape, their fields, which of these
 * make visits, and what the visits are like. Its memory is bounded by the sample's.
 */
public final class Inspection {
  /** The session gap that a job has without a flag. */
  public static final Duration DEFAULT_GAP = Duration.ofMinutes(16);

  private final RecordSample sample;
  private final Map<Shape, Long> shapes = new EnumMap<>(Shape.class);
  private final FieldTable table;
  private final @Nullable TextShape text;
  private final Shape shape;
  private final Mapping mapping;
  private final SampledVisits visits;
  private final Behaviour behaviour;

  private Inspection(RecordSample sample, SessionPolicy policy) {
    this.sample = sample;
    FieldTable objects = new FieldTable();
    for (SampledRecord record : sample.records()) {
      Read read = Shape.of(record);
      shapes.merge(read.shape(), 1L, Long::sum);
      if (isObject(read)) {
        objects.add(fields(record, read), record.timestampMillis());
      }
    }
    this.shape = mostFrequent();
    if (shape == Shape.TEXT) {
      this.text = TextShape.of(lines(), sample.source() == RecordSample.Source.FILES);
      this.table = new FieldTable();
      for (SampledRecord record : sample.records()) {
        FlatRecord fields = fields(record);
        if (fields != null) {
          table.add(fields, record.timestampMillis());
        }
      }
    } else {
      this.text = null;
      this.table = objects;
    }
    boolean hasTimestamps =
        sample.records().stream().anyMatch(r -> r.timestampMillis() != SampledRecord.NO_TIMESTAMP);
    this.mapping = Mapping.of(table, text, hasTimestamps && table.records() > 0);
    this.visits = new SampledVisits(mapping.input());
    for (SampledRecord record : sample.records()) {
      if (text == null || !text.isHeader(record.value())) {
        visits.add(record);
      }
    }
    this.behaviour = Behaviour.of(visits.visits(), policy);
  }

  /**
   * Inspects records.
   *
   * @param policy decides which visits are one session
   */
  public static Inspection of(RecordSample sample, SessionPolicy policy) {
    return new Inspection(sample, policy);
  }

  private static boolean isObject(Read read) {
    return read.shape() == Shape.OBJECT || read.shape() == Shape.PREFIXED_OBJECT;
  }

  /** Returns the shape of most of the records that have a value. */
  private Shape mostFrequent() {
    return shapes.entrySet().stream()
        .filter(counted -> counted.getKey() != Shape.EMPTY)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(Shape.EMPTY);
  }

  private List<byte[]> lines() {
    return sample.records().stream()
        .filter(record -> Shape.of(record).shape() == Shape.TEXT)
        .map(SampledRecord::value)
        .limit(TextShape.LINES)
        .toList();
  }

  /** Returns the fields of a record; null if it has another shape than most. */
  private @Nullable FlatRecord fields(SampledRecord record) {
    Read read = Shape.of(record);
    if (text == null) {
      return isObject(read) ? fields(record, read) : null;
    }
    FlatRecord fields = read.shape() == Shape.TEXT ? text.fields(record.value()) : null;
    return fields == null ? null : withKey(fields, record);
  }

  private static FlatRecord fields(SampledRecord record, Read read) {
    JsonNode json = Objects.requireNonNull(read.json(), "an object has it");
    return withKey(FlatRecord.of(json), record);
  }

  private static FlatRecord withKey(FlatRecord fields, SampledRecord record) {
    byte[] key = record.key();
    String text = key == null ? "" : new String(key, UTF_8);
    if (key != null && text.indexOf('\uFFFD') < 0) {
      fields.add(Mapping.KAFKA_KEY, text);
    }
    return fields;
  }

  RecordSample sample() {
    return sample;
  }

  /** Returns the shape of most records. */
  Shape shape() {
    return shape;
  }

  /** Returns how many records have each shape. */
  Map<Shape, Long> shapes() {
    return shapes;
  }

  /** Returns how lines are divided; null if the records are no text. */
  @Nullable TextShape text() {
    return text;
  }

  FieldTable table() {
    return table;
  }

  Mapping mapping() {
    return mapping;
  }

  SampledVisits visits() {
    return visits;
  }

  Behaviour behaviour() {
    return behaviour;
  }

  /** Whether there is a visit id and an event time, so that a job can read the records. */
  public boolean makesVisits() {
    return !visits.visits().isEmpty();
  }
}
