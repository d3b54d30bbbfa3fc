package io.sessionizer.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.AttributeWriter;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Topics written by hand, all on the 1st of January 2024, and what they explain about v1. */
final class ScriptedTopics {
  private static final SessionJson JSON = new SessionJson(ZoneOffset.UTC);
  private static final String DAY = "2024-01-01T";
  private static final List<TopicPartition> PARTITIONS =
      List.of(new TopicPartition("visits", 0), new TopicPartition("visits", 1));

  private final List<ConsumerRecord<byte[], byte[]>> visits = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> results = new ArrayList<>();
  private final Map<String, Long> offsets = new HashMap<>();
  private final Map<TopicPartition, Long> committed = new HashMap<>();

  /** A visit of v1 on a partition of the visits topic. */
  ScriptedTopics visit(int partition, String time, String page) {
    return visit(partition, "v1", time, page);
  }

  ScriptedTopics visit(int partition, String visitId, String time, String page) {
    return record(partition, visitId, visitJson(visitId, time, page));
  }

  /** A visit of v1 whose record has a Kafka timestamp, {@code kafkaTime}. */
  ScriptedTopics visitAt(String kafkaTime, int partition, String time, String page) {
    ConsumerRecord<byte[], byte[]> record =
        next("visits", partition, bytes("v1"), bytes(visitJson("v1", time, page)));
    visits.add(
        new ConsumerRecord<>(
            record.topic(),
            record.partition(),
            record.offset(),
            millis(kafkaTime),
            TimestampType.CREATE_TIME,
            ConsumerRecord.NULL_SIZE,
            record.value().length,
            record.key(),
            record.value(),
            record.headers(),
            Optional.empty()));
    return this;
  }

  /** Any record on a partition of the visits topic. */
  ScriptedTopics record(int partition, @Nullable String key, @Nullable String value) {
    visits.add(next("visits", partition, bytes(key), bytes(value)));
    return this;
  }

  /** A session on partition 1 of its topic: {@code TIME PAGE} of its visits. */
  ScriptedTopics session(int revision, String timing, String endReason, String... pages) {
    return session(0, revision, timing, endReason, pages);
  }

  ScriptedTopics session(
      int ordinal, int revision, String timing, String endReason, String... pages) {
    List<VisitedPage> visited = new ArrayList<>();
    for (String page : pages) {
      String[] timeAndPage = page.split(" ", 2);
      visited.add(new VisitedPage(millis(timeAndPage[0]), timeAndPage[1], null));
    }
    return result(
        "sessions",
        1,
        new Upsert(
                new Session("v1", visited, ordinal),
                revision,
                Timing.valueOf(timing.toUpperCase(Locale.ROOT)),
                EndReason.ofHeaderValue(endReason))
            .write(JSON));
  }

  /** A session with attributes, of one visit. */
  ScriptedTopics sessionWith(String attributes, int revision, String timing, String page) {
    String[] timeAndPage = page.split(" ", 2);
    VisitedPage visit = new VisitedPage(millis(timeAndPage[0]), timeAndPage[1], null);
    AttributeWriter writer = (visits, isPrivate, json) -> json.add(attributes.getBytes(UTF_8));
    return result(
        "sessions",
        1,
        new Upsert(
                new Session("v1", List.of(visit)),
                revision,
                Timing.valueOf(timing.toUpperCase(Locale.ROOT)),
                EndReason.INACTIVITY)
            .write(new SessionJson(ZoneOffset.UTC, writer)));
  }

  ScriptedTopics tombstone(int revision, String start, String startOfOther) {
    return result("sessions", 1, new Tombstone(id(start), revision, id(startOfOther)).write(JSON));
  }

  ScriptedTopics late(int partition, long offset, String time, String page, Duration by) {
    return result(
        "late-visits",
        0,
        new LateVisitRecord(
                "v1",
                visitJson("v1", time, page).getBytes(UTF_8),
                by.toMillis(),
                new SourcePosition("visits", partition, offset))
            .write());
  }

  ScriptedTopics deadLetter(
      int partition,
      long offset,
      @Nullable String key,
      @Nullable String value,
      String reason,
      String message) {
    DeadLetter letter =
        new DeadLetter(
            new Provenance(new SourcePosition("visits", partition, offset), 0),
            bytes(key),
            bytes(value),
            Reason.valueOf(reason),
            message);
    return result("dead-letters", 0, DeadLetterRecord.of(letter, Integer.MAX_VALUE).write());
  }

  ScriptedTopics committed(int partition, long offset) {
    committed.put(new TopicPartition("visits", partition), offset);
    return this;
  }

  /** The id of a session of v1 that starts at a time. */
  static SessionId id(String start) {
    return new SessionId("v1", new SessionStart(millis(start), 0));
  }

  /** Returns the explanation of v1, as text. */
  String explanation(String... flags) throws Exception {
    Settings settings = Flags.parse(flags).settings();
    return Explanation.of(evidence("v1", settings), RoutingRules.of(settings)).stream()
        .map(line -> (line.style() == LineStyle.TITLE ? "\n" : "") + line.text() + "\n")
        .collect(Collectors.joining());
  }

  Evidence evidence(String visitId) throws IOException, BadFlagsException {
    return evidence(visitId, Flags.parse().settings());
  }

  private Evidence evidence(String visitId, Settings settings) throws IOException {
    long now = Instant.parse("2026-11-01T00:00:00Z").toEpochMilli();
    VisitParser parser =
        new VisitParser(settings.inputFormat(), 1 << 20, Duration.ofHours(1), Clock.systemUTC());
    Evidence evidence =
        new Evidence(
            visitId,
            source -> parser,
            ParserSettings.of(settings).lateVisitParser(),
            new WatermarkEstimate(settings, PARTITIONS, now),
            now);
    for (ConsumerRecord<byte[], byte[]> record : results) {
      switch (record.topic()) {
        case "sessions" -> evidence.session(record);
        case "late-visits" -> evidence.lateVisit(record);
        default -> evidence.deadLetter(record);
      }
    }
    visits.forEach(evidence::visit);
    committed.forEach(evidence::committed);
    return evidence;
  }

  private ScriptedTopics result(String topic, int partition, TopicRecord written) {
    var record = next(topic, partition, written.key(), written.value());
    written.headers().forEach(header -> record.headers().add(header.name(), header.value()));
    results.add(record);
    return this;
  }

  private ConsumerRecord<byte[], byte[]> next(
      String topic, int partition, byte @Nullable [] key, byte @Nullable [] value) {
    long offset = offsets.merge(topic + partition, 1L, Long::sum) - 1;
    return new ConsumerRecord<>(topic, partition, offset, key, value);
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  private static String visitJson(String visitId, String time, String page) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"%s%s\",\"page\":\"%s\",\"user_id\":\"kim\"}"
        .formatted(visitId, DAY, LocalTime.parse(time), page)
        .replaceFirst("T(\\d\\d:\\d\\d)\"", "T$1:00\"");
  }

  private static long millis(String time) {
    return Instant.parse(DAY + LocalTime.parse(time) + (time.length() == 5 ? ":00Z" : "Z"))
        .toEpochMilli();
  }
}
