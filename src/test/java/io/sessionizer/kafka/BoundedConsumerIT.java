package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.StartFrom;
import io.sessionizer.config.StartFrom.Position;
import io.sessionizer.kafka.admin.TopicCheck;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.Rejection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where a consumer starts and stops, and what it commits; every value is rejected. */
class BoundedConsumerIT {
  private static final Brokers BROKERS =
      new Brokers(TestKafka.address(), new ClientSettings(Map.of()), null, 0);

  private final TestKafka kafka = new TestKafka();
  private TopicPartition full;
  private TopicPartition empty;

  @BeforeEach
  void fourRecordsInOnePartition() throws Exception {
    kafka.createTopics();
    full = new TopicPartition(kafka.topic("visits"), 0);
    empty = new TopicPartition(kafka.topic("visits"), 1);
    kafka.writeVisits(0, bytes("0"), bytes("1"), bytes("2"), bytes("3"));
  }

  @Test
  void readsNothingBehindStoppingOffset() {
    try (Consumer<byte[], byte[]> consumer = consumer(Position.EARLIEST, 2)) {
      assertEquals(Map.of(full, 2L, empty, 0L), consumer.endOffsets(List.of(full, empty)));
      assertEquals(List.of("0", "1"), read(consumer, 2));
    }
  }

  @Test
  void lostPositionRepeatsNoRecord() throws Exception {
    try (Consumer<byte[], byte[]> consumer = consumer(Position.EARLIEST, 6)) {
      assertEquals(List.of("0", "1", "2", "3"), read(consumer, 4));
      kafka.writeVisits(0, bytes("4"), bytes("5"));
      consumer.seekToBeginning(List.of(full));
      assertEquals(List.of("4", "5"), read(consumer, 2));
    }
  }

  @Test
  void readsRejectedRecordsBeyondOnePortion() throws Exception {
    int count = 60;
    byte[][] large = new byte[count][];
    List<String> expected = new ArrayList<>(List.of("0", "1", "2", "3"));
    for (int i = 0; i < count; i++) {
      expected.add("%s".formatted(100 + i).repeat(300_000));
      large[i] = bytes(expected.get(4 + i));
    }
    kafka.writeVisits(0, large);
    try (Consumer<byte[], byte[]> consumer = largeFetches(expected.size())) {
      List<String> values = new ArrayList<>(poll(consumer));
      assertTrue(values.size() < expected.size(), "one portion has all " + count);
      values.addAll(read(consumer, expected.size() - values.size()));
      assertTrue(expected.equals(values), "in order, each once");
    }
  }

  @Test
  void portionResumesInEpochOfUnreadRecord() throws Exception {
    byte[][] large = new byte[60][900_000];
    kafka.writeVisits(0, large);
    try (Consumer<byte[], byte[]> consumer = largeFetches(4 + large.length)) {
      int read = 0;
      while (read == 0 || read == 4) {
        read += poll(consumer).size();
      }
      assertTrue(read < 4 + large.length, "one portion has all");
      consumer.position(full); // waits until the epoch is validated
      consumer.commitSync(); // positions with their epochs, which KafkaIO does not commit
      OffsetAndMetadata position = consumer.committed(Set.of(full)).get(full);
      assertEquals(read, position.offset());
      assertEquals(Optional.of(0), position.leaderEpoch());
    }
  }

  /** Some have no value, an empty one, or no key; and none is read twice or left out. */
  @Test
  void readsRejectedRecordsOfBothPartitionsInPortions() throws Exception {
    int count = 50;
    List<TopicPartition> both = List.of(full, empty);
    Map<TopicPartition, List<String>> expected = new HashMap<>();
    both.forEach(partition -> expected.put(partition, new ArrayList<>()));
    expected.get(full).addAll(List.of("0 1", "1 1", "2 1", "3 1"));
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (var producer = new KafkaProducer<>(compressed(), bytes, bytes)) {
      for (int i = 0; i < count; i++) {
        byte[] key = i % 3 == 0 ? null : new byte[i * 2_000];
        byte[] value = i % 7 == 3 ? null : new byte[i % 7 == 5 ? 0 : 900_000 + i];
        for (TopicPartition partition : both) {
          var record = new ProducerRecord<>(partition.topic(), partition.partition(), key, value);
          long offset = producer.send(record).get().offset();
          expected.get(partition).add(offset + " " + (value == null ? -1 : value.length));
        }
      }
    }
    Map<TopicPartition, List<String>> read = new HashMap<>();
    both.forEach(partition -> read.put(partition, new ArrayList<>()));
    int left = 4 + 2 * count;
    try (Consumer<byte[], byte[]> consumer = consumer(timestamps(Instant.now()), full)) {
      consumer.assign(both);
      while (left > 0) {
        int polled = 0;
        for (ConsumerRecord<byte[], byte[]> batch : consumer.poll(Duration.ofMillis(100))) {
          for (ConsumedRecord record : RecordBatch.read(batch.value()).rejected()) {
            byte[] value = ((Rejection) record.content()).value();
            read.get(new TopicPartition(batch.topic(), batch.partition()))
                .add(
                    record.provenance().position().offset()
                        + " "
                        + (value == null ? -1 : value.length));
            polled++;
          }
        }
        assertTrue(polled < 2 * count, "one portion has all");
        left -= polled;
      }
      assertEquals(0, consumer.poll(Duration.ofMillis(100)).count());
    }
    assertEquals(expected, read);
  }

  private Consumer<byte[], byte[]> largeFetches(long end) {
    Map<String, Object> config = config();
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 100 << 20);
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 100 << 20);
    return consumer(new StartFrom(Position.EARLIEST, null), Rewind.NONE, end, config);
  }

  private static Map<String, Object> compressed() {
    Map<String, Object> config = new HashMap<>(TestKafka.config());
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
    return config;
  }

  @Test
  void readsLargeKeysInPortions() throws Exception {
    byte[] visit = bytes("{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:00:00Z\"}");
    assertReadsInPortions(
        new ProducerRecord<>(full.topic(), 0, new byte[900_000], visit), "a portion has all keys");
  }

  @Test
  void readsLargeKeysWithoutValueInPortions() throws Exception {
    assertReadsInPortions(
        new ProducerRecord<>(full.topic(), 0, new byte[900_000], null), "a portion has all keys");
  }

  @Test
  void readsLargeHeadersInPortions() throws Exception {
    byte[] visit = bytes("{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:00:00Z\"}");
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(full.topic(), 0, null, visit);
    record.headers().add("trace", new byte[900_000]);
    assertReadsInPortions(record, "a portion has all headers");
  }

  /** Compressed, hundreds of large records fit into one fetch. */
  private void assertReadsInPortions(ProducerRecord<byte[], byte[]> record, String message)
      throws Exception {
    int count = 200;
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (var producer = new KafkaProducer<>(compressed(), bytes, bytes)) {
      for (int i = 0; i < count; i++) {
        producer.send(record).get();
      }
    }
    int all = 4 + count;
    try (Consumer<byte[], byte[]> consumer = consumer(Position.EARLIEST, all)) {
      int largest = 0;
      for (int read = 0; read < all; ) {
        int polled = 0;
        for (ConsumerRecord<byte[], byte[]> batch : consumer.poll(Duration.ofMillis(100))) {
          polled += RecordBatch.read(batch.value()).size();
        }
        largest = Math.max(largest, polled);
        read += polled;
      }
      assertTrue(largest < count / 2, message + ": " + largest);
    }
  }

  @Test
  void latestStartsAtStoppingOffset() {
    try (Consumer<byte[], byte[]> consumer = consumer(Position.LATEST, 2)) {
      assertEquals(2, consumer.position(full));
    }
  }

  @Test
  void startsNoLaterThanStoppingOffset() {
    try (Consumer<byte[], byte[]> first = consumer(Position.EARLIEST, 4)) {
      first.commitSync(Map.of(full, new OffsetAndMetadata(4)));
    }
    try (Consumer<byte[], byte[]> consumer = rewound(full, 4, 4, 2)) {
      assertEquals(2, consumer.position(full));
    }
  }

  @Test
  void committedStartsWhereGroupStopped() {
    try (Consumer<byte[], byte[]> first = consumer(Position.EARLIEST, 4)) {
      first.commitSync(Map.of(full, new OffsetAndMetadata(3)));
    }
    try (Consumer<byte[], byte[]> consumer = rewound(full, 3, 3)) {
      assertEquals(List.of("3"), read(consumer, 1));
    }
  }

  @Test
  void newGroupIgnoresWhatIsCommittedLater() {
    try (Consumer<byte[], byte[]> first = consumer(Position.EARLIEST, 4)) {
      first.commitSync(Map.of(full, new OffsetAndMetadata(3)));
    }
    try (Consumer<byte[], byte[]> consumer = consumer(Position.COMMITTED, 4)) {
      assertEquals(0, consumer.position(full));
    }
  }

  @Test
  void rewindOverridesCommittedOffset() {
    try (Consumer<byte[], byte[]> first = consumer(Position.EARLIEST, 4)) {
      first.commitSync(Map.of(full, new OffsetAndMetadata(3)));
    }
    try (Consumer<byte[], byte[]> consumer = rewound(full, 1, 3)) {
      assertEquals(1, consumer.position(full));
      assertEquals(0, consumer.position(empty));
    }
    try (Consumer<byte[], byte[]> consumer = rewound(empty, 0, 0)) {
      assertEquals(3, consumer.position(full));
    }
  }

  @Test
  void rewoundJobCommitsNoEarlierOffset() {
    try (Consumer<byte[], byte[]> consumer = rewound(full, 0, 3)) {
      read(consumer, 4);
      assertEquals(CommittedOffset.of(3), committed(consumer, 2));
      assertEquals(new CommittedOffset(4, 3), committed(consumer, 4));
      assertEquals(new CommittedOffset(4, 3), committed(consumer, 4));
      assertEquals(CommittedOffset.of(4), committed(consumer, 4));
    }
  }

  @Test
  void flushesUpToCheckpointBeforeLast() {
    try (Consumer<byte[], byte[]> consumer = consumer(Position.EARLIEST, 4)) {
      read(consumer, 4);
      assertEquals(new CommittedOffset(2, 0), committed(consumer, 2));
      assertEquals(new CommittedOffset(3, 0), committed(consumer, 3));
      assertEquals(new CommittedOffset(4, 2), committed(consumer, 4));
      assertEquals(new CommittedOffset(4, 3), committed(consumer, 4));
      assertEquals(CommittedOffset.of(4), committed(consumer, 4));
    }
    try (Consumer<byte[], byte[]> consumer = consumer(Position.LATEST, 4)) {
      assertEquals(CommittedOffset.of(4), committed(consumer, 4));
    }
  }

  private CommittedOffset committed(Consumer<byte[], byte[]> consumer, long offset) {
    consumer.commitSync(Map.of(full, new OffsetAndMetadata(offset)));
    return CommittedOffset.of(consumer.committed(Set.of(full)).get(full));
  }

  @Test
  void earliestIgnoresCommittedOffset() {
    try (Consumer<byte[], byte[]> first = consumer(Position.EARLIEST, 4)) {
      first.commitSync(Map.of(full, new OffsetAndMetadata(3)));
    }
    try (Consumer<byte[], byte[]> consumer = consumer(Position.EARLIEST, 4)) {
      assertEquals(0, consumer.position(full));
    }
  }

  @Test
  void timeAfterAllRecordsStartsAtEnd() {
    StartFrom future = new StartFrom(Position.TIME, Instant.parse("2999-01-01T00:00:00Z"));
    try (Consumer<byte[], byte[]> consumer = consumer(future, 4)) {
      assertEquals(4, consumer.position(full));
    }
  }

  @Test
  void endsFollowLastRecords() throws Exception {
    assertEquals(
        Map.of(full, 4L, empty, 0L),
        new TopicCheck(TestKafka.address(), Map.of(), "--consumerConfig")
            .ends(List.of(kafka.topic("visits"))));
  }

  @Test
  void commitsProgressOfPartition() {
    VisitTimestamps timestamps = timestamps(Instant.EPOCH);
    timestamps.createTimestampPolicy(full, Optional.of(org.joda.time.Instant.ofEpochMilli(5)));
    try (Consumer<byte[], byte[]> consumer = consumer(timestamps, full)) {
      consumer.commitSync(Map.of(full, new OffsetAndMetadata(3)));
      OffsetAndMetadata committed = consumer.committed(Set.of(full)).get(full);
      assertEquals(3, committed.offset());
      assertEquals(
          Optional.of(5L),
          PartitionProgress.of(committed.metadata(), timestamps.job())
              .map(PartitionProgress::watermark));
    }
  }

  @Test
  void idlePartitionFollowsPeers() {
    Instant now = Instant.now();
    VisitTimestamps timestamps = timestamps(now.minusSeconds(60));
    var policy = timestamps.createTimestampPolicy(empty, Optional.empty());
    try (Consumer<byte[], byte[]> consumer = consumer(timestamps, empty)) {
      String elsewhere =
          new PartitionProgress(9, now.toEpochMilli(), 5, false, now.toEpochMilli())
              .metadata(timestamps.job());
      consumer.commitSync(Map.of(full, new OffsetAndMetadata(3, elsewhere)));
      var caughtUp = new VisitTimestampsTest.Context(0, now);
      assertEquals(BoundedWindow.TIMESTAMP_MIN_VALUE, policy.getWatermark(caughtUp));
      consumer.poll(Duration.ofMillis(100));
      assertEquals(org.joda.time.Instant.ofEpochMilli(5), policy.getWatermark(caughtUp));
    }
  }

  private static VisitTimestamps timestamps(Instant now) {
    return new VisitTimestamps(
        UUID.randomUUID(),
        Long.MAX_VALUE,
        new WatermarkRules(
            Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(31), false),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  /** A reader's consumer of one partition, for a job that does not stop. */
  private Consumer<byte[], byte[]> consumer(VisitTimestamps timestamps, TopicPartition partition) {
    Consumer<byte[], byte[]> consumer =
        BoundedConsumer.Factory.of(
                List.of(new SubmittedTopic(kafka.topic("visits"), null, 0)),
                timestamps.job(),
                BROKERS,
                new StartingOffsets(
                    new StartFrom(Position.EARLIEST, null),
                    Rewind.NONE,
                    StoppingOffsets.of(Map.of())),
                false,
                ParserSettings.DEFAULT)
            .apply(config());
    consumer.assign(List.of(partition));
    return consumer;
  }

  private Consumer<byte[], byte[]> consumer(Position position, long end) {
    return consumer(new StartFrom(position, null), end);
  }

  private Consumer<byte[], byte[]> rewound(TopicPartition partition, long start, long committed) {
    return rewound(partition, start, committed, 4);
  }

  private Consumer<byte[], byte[]> rewound(
      TopicPartition partition, long start, long committed, long end) {
    Rewind rewind =
        Rewind.of(
            Map.of(partition, start), Map.of(partition, CommittedOffset.of(committed)), null, null);
    return consumer(new StartFrom(Position.COMMITTED, null), rewind, end);
  }

  private Consumer<byte[], byte[]> consumer(StartFrom startFrom, long end) {
    return consumer(startFrom, Rewind.NONE, end);
  }

  private Consumer<byte[], byte[]> consumer(StartFrom startFrom, Rewind rewind, long end) {
    return consumer(startFrom, rewind, end, config());
  }

  private Consumer<byte[], byte[]> consumer(
      StartFrom startFrom, Rewind rewind, long end, Map<String, Object> config) {
    Consumer<byte[], byte[]> consumer =
        BoundedConsumer.Factory.of(
                List.of(new SubmittedTopic(kafka.topic("visits"), null, 0)),
                UUID.randomUUID(),
                BROKERS,
                new StartingOffsets(
                    startFrom, rewind, StoppingOffsets.of(Map.of(full, end, empty, 0L))),
                false,
                ParserSettings.DEFAULT)
            .apply(config);
    consumer.assign(List.of(full, empty));
    return consumer;
  }

  private Map<String, Object> config() {
    Map<String, Object> config = new HashMap<>(TestKafka.config());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.topic("group"));
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return config;
  }

  /** Reads until there are {@code atLeast} values, and once more, for unexpected ones. */
  private static List<String> read(Consumer<byte[], byte[]> consumer, int atLeast) {
    List<String> values = new ArrayList<>();
    while (values.size() < atLeast) {
      values.addAll(poll(consumer));
    }
    values.addAll(poll(consumer));
    return values;
  }

  private static List<String> poll(Consumer<byte[], byte[]> consumer) {
    List<String> values = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> batch : consumer.poll(Duration.ofMillis(100))) {
      for (ConsumedRecord record : RecordBatch.read(batch.value()).rejected()) {
        values.add(new String(((Rejection) record.content()).value(), UTF_8));
      }
    }
    return values;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
