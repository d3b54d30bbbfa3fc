package io.sessionizer.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Topics written by hand, all on the 1st of January 2024, and the story that they tell of v1. */
final class ScriptedTopics {
  private static final String DAY = "2024-01-01T";
  private static final List<TopicPartition> PARTITIONS =
      List.of(new TopicPartition("visits", 0), new TopicPartition("visits", 1));

  private final List<ConsumerRecord<byte[], byte[]>> visits = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> results = new ArrayList<>();
  private final Map<String, Long> offsets = new HashMap<>();
  private final Map<Integer, Long> committed = new HashMap<>();

  /** A visit of v1 on a partition of the visits topic. */
  ScriptedTopics visit(int partition, String time, String page) {
    return visit(partition, "v1", time, page);
  }

  ScriptedTopics visit(int partition, String visitId, String time, String page) {
    return record(partition, visitId, visitJson(visitId, time, page));
  }

  /** A visit of v1 that Kafka took at a time, {@code kafkaTime}. */
  ScriptedTopics visitAt(String kafkaTime, int partition, String time, String page) {
    ConsumerRecord<byte[], byte[]> record =
        next("visits", partition, "v1", visitJson("v1", time, page), Map.of());
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
    visits.add(next("visits", partition, key, value, Map.of()));
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
    Session session = new Session("v1", visited, ordinal);
    results.add(
        next(
            "sessions",
            1,
            session.id().toString(),
            new String(new SessionJson(ZoneOffset.UTC).write(session), UTF_8),
            Map.of("revision", revision, "timing", timing, "end_reason", endReason)));
    return this;
  }

  ScriptedTopics tombstone(int revision, String start, String startOfOther) {
    results.add(
        next(
            "sessions",
            1,
            id(start),
            null,
            Map.of("revision", revision, "superseded_by", id(startOfOther))));
    return this;
  }

  ScriptedTopics late(int partition, long offset, String time, String page, Duration by) {
    results.add(
        next(
            "late-visits",
            0,
            "v1",
            visitJson("v1", time, page),
            Map.of(
                "late_by_ms",
                by.toMillis(),
                "source.topic",
                "visits",
                "source.partition",
                partition,
                "source.offset",
                offset)));
    return this;
  }

  ScriptedTopics deadLetter(
      int partition,
      long offset,
      @Nullable String key,
      @Nullable String value,
      String reason,
      String message) {
    results.add(
        next(
            "dead-letters",
            0,
            key,
            value,
            Map.of(
                "error.reason",
                reason,
                "error.message",
                message,
                "source.topic",
                "visits",
                "source.partition",
                partition,
                "source.offset",
                offset)));
    return this;
  }

  ScriptedTopics committed(int partition, long offset) {
    committed.put(partition, offset);
    return this;
  }

  /** The id of a session of v1 that starts at a time. */
  static String id(String start) {
    return "v1@" + millis(start);
  }

  /** Tells the story of v1, as text. */
  String story(String... flags) throws Exception {
    return Explanation.of(evidence("v1"), RoutingRules.of(Flags.parse(flags).settings())).stream()
        .map(line -> (line.tone() == LineStyle.TITLE ? "\n" : "") + line.text() + "\n")
        .collect(Collectors.joining());
  }

  Evidence evidence(String visitId) throws IOException, BadFlagsException {
    long now = Instant.parse("2026-11-01T00:00:00Z").toEpochMilli();
    Evidence evidence =
        new Evidence(
            visitId,
            new VisitParser(1 << 20, Duration.ofHours(1), Clock.systemUTC()),
            new WatermarkEstimate(Flags.parse().settings(), PARTITIONS, now),
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

  private ConsumerRecord<byte[], byte[]> next(
      String topic,
      int partition,
      @Nullable String key,
      @Nullable String value,
      Map<String, Object> headers) {
    long offset = offsets.merge(topic + partition, 1L, Long::sum) - 1;
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(topic, partition, offset, bytes(key), bytes(value));
    headers.forEach((name, header) -> record.headers().add(name, bytes(header.toString())));
    return record;
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
