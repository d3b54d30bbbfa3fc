package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.VisitPacket;
import io.sessionizer.visits.VisitParser;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Every visit that may be too late keeps its record, and others do not. */
class OriginalRecordsTest {
  private static final TopicPartition P0 = new TopicPartition("events", 0);
  private static final TopicPartition P1 = new TopicPartition("events", 1);
  private static final long MINUTE = 60_000;
  private static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
  private static final long NOW = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();
  private static final Duration HORIZON = Duration.ofMinutes(31);
  private static final WatermarkRules RULES =
      new WatermarkRules(Duration.ofMinutes(1), Duration.ofSeconds(30), HORIZON, false);

  private final UUID job = UUID.randomUUID();
  private final JvmProgress progress = JvmProgress.of(job, RULES);
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final Map<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> polled =
      new HashMap<>(Map.of(P0, new ArrayDeque<>(), P1, new ArrayDeque<>()));
  private final Set<Long> kept = new TreeSet<>();

  private PackingDeserializer values = values("id", Rewind.NONE);

  private PackingDeserializer values(String visitId, Rewind rewind) {
    InputFormat format =
        InputFormat.read(Map.of("--visitIdField", visitId), Set.of(), new ArrayList<>());
    return new PackingDeserializer(
        new VisitParser(format, 1 << 20, Duration.ofHours(1), Clock.systemUTC()),
        new OriginalRecords(HORIZON, job, rewind));
  }

  private void open(long restored) {
    for (TopicPartition partition : List.of(P0, P1)) {
      OptionalLong watermark =
          restored == 0 ? OptionalLong.empty() : OptionalLong.of(START + restored * MINUTE);
      progress.open(partition, watermark, NOW);
    }
  }

  private static byte[] json(long minute) {
    return "{\"id\":\"v\",\"event_time\":\"%s\"}"
        .formatted(Instant.ofEpochMilli(START + minute * MINUTE))
        .getBytes(UTF_8);
  }

  /** Polls visits of some minutes of both partitions; {@code meanwhile} runs while it does. */
  private void poll(Map<TopicPartition, List<Long>> minutes, Runnable meanwhile) {
    OriginalRecords originals = values.originals();
    originals.startPoll(Set.of(P0, P1));
    values.startPortion();
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> batches = new HashMap<>();
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
    minutes.forEach(
        (partition, times) -> {
          for (long minute : times) {
            byte[] value =
                values.deserialize("events", new RecordHeaders(), ByteBuffer.wrap(json(minute)));
            records
                .computeIfAbsent(partition, p -> new ArrayList<>())
                .add(record(partition, ends.merge(partition, 1L, Long::sum) - 1, value));
          }
        });
    meanwhile.run();
    records.forEach(
        (partition, ofPartition) -> {
          long resumedAt = progress.watermarks().resumedAt(partition);
          batches.put(partition, RecordBatch.of(ofPartition, values, resumedAt));
          polled.get(partition).addAll(batches.get(partition));
        });
    originals.endPoll(new ConsumerRecords<>(batches));
  }

  private static ConsumerRecord<byte[], byte[]> record(
      TopicPartition partition, long offset, byte[] value) {
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        offset,
        5,
        TimestampType.CREATE_TIME,
        1,
        value.length,
        "v".getBytes(UTF_8),
        value,
        new RecordHeaders().add("h", null),
        Optional.empty());
  }

  /** Hands the next batch over, as KafkaIO does, and checks the visits that are too late now. */
  private void handOver(TopicPartition partition) {
    ConsumerRecord<byte[], byte[]> record = polled.get(partition).poll();
    if (record == null) {
      return;
    }
    ConsumedBatch batch = RecordBatch.read(record.value());
    progress.watermarks().handedOver(partition, record.offset() + 1);
    long watermark = progress.watermarks().lastWatermark(partition);
    for (VisitPacket packet : batch.packets()) {
      Map<Long, TopicRecord> originals = packet.originals();
      for (LocatedVisit visit : packet.visits()) {
        long time = visit.visit().eventTimeMillis();
        TopicRecord original = originals.get(visit.provenance().position().offset());
        if (original != null) {
          kept.add((time - START) / MINUTE);
          assertEquals(
              new TopicRecord(
                  "v".getBytes(UTF_8),
                  json((time - START) / MINUTE),
                  List.of(new TopicRecord.Header("h", null))),
              original);
        }
        assertTrue(
            original != null || time + HORIZON.toMillis() > watermark,
            () -> Instant.ofEpochMilli(time) + " at " + Instant.ofEpochMilli(watermark));
      }
    }
    progress.watermarks().visitRead(partition, batch.newestMillis(), NOW, NOW);
  }

  private void check(TopicPartition partition, long backlog, long seconds) {
    progress.watermarks().watermark(partition, backlog, NOW + seconds * 1_000);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void allThatAreTooLateKeepTheirRecord(@ForAll long seed) {
    new OriginalRecordsTest().run(new Random(seed));
  }

  private void run(Random random) {
    values = values(random.nextBoolean() ? "id" : "kafka:key,id", Rewind.NONE);
    open(40L * random.nextInt(3));
    long newest = 0;
    for (int step = 0; step < 60; step++) {
      newest += random.nextInt(20);
      TopicPartition partition = random.nextBoolean() ? P0 : P1;
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          Map<TopicPartition, List<Long>> minutes = new HashMap<>();
          for (TopicPartition each : random.nextBoolean() ? List.of(P0, P1) : List.of(partition)) {
            List<Long> times = new ArrayList<>();
            for (int visit = random.nextInt(4); visit >= 0; visit--) {
              times.add(Math.max(0, newest - random.nextInt(100)));
            }
            minutes.put(each, times);
          }
          poll(minutes, () -> check(partition, 0, random.nextInt(100)));
        }
        case 2 -> handOver(partition);
        default -> check(partition, random.nextInt(2), random.nextInt(100));
      }
    }
  }

  @Example
  void visitsOnTimeKeepNothing() {
    open(0);
    poll(Map.of(P0, List.of(60L, 30L), P1, List.of(0L)), () -> {});
    handOver(P0);
    check(P0, 1, 0);
    poll(Map.of(P0, List.of(80L, 29L, 60L)), () -> {});
    handOver(P0);
    handOver(P1);
    assertEquals(Set.of(), kept);
  }

  @Example
  void visitsBehindWatermarkKeepTheirRecord() {
    open(0);
    poll(Map.of(P0, List.of(60L)), () -> {});
    handOver(P0);
    check(P0, 1, 0);
    poll(Map.of(P0, List.of(28L, 27L, 29L)), () -> {});
    handOver(P0);
    assertEquals(Set.of(27L, 28L), kept);
  }

  @Example
  void visitsBehindPolledOnesKeepTheirRecord() {
    open(0);
    poll(Map.of(P0, List.of(60L)), () -> {});
    poll(Map.of(P0, List.of(28L, 29L)), () -> {});
    handOver(P0);
    check(P0, 1, 0);
    handOver(P0);
    assertEquals(Set.of(28L), kept);
  }

  @Example
  void visitsBeforeResumedWatermarkKeepTheirRecord() {
    open(40);
    poll(Map.of(P0, List.of(39L, 40L)), () -> {});
    handOver(P0);
    assertEquals(Set.of(39L), kept);
  }

  @Example
  void visitsOfEarlierJobAreConsumedAtItsWatermark() {
    Rewind rewind =
        Rewind.of(
            Map.of(P0, 0L),
            Map.of(P0, new CommittedOffset(2, 1)),
            null,
            Instant.ofEpochMilli(START + 60 * MINUTE));
    values = values("id", rewind);
    open(0);
    poll(Map.of(P0, List.of(20L, 29L, 30L)), () -> {});
    handOver(P0);
    assertEquals(Set.of(29L), kept);
  }
}
