package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.StartFrom;
import io.sessionizer.config.StartFrom.Position;
import io.sessionizer.kafka.DataLoss.Counts;
import io.sessionizer.kafka.admin.TopicCheck;
import io.sessionizer.testing.Batches;
import io.sessionizer.testing.CapturedLog;
import io.sessionizer.testing.TestKafka;
import io.sessionizer.testing.TransactionScript;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A reader of KafkaIO, with a consumer that polls and one that checks the ends, of a topic whose
 * last offsets have no records, whose first records are deleted, or that is created anew.
 */
@Timeout(600)
class TopicChangesIT {
  private final TestKafka kafka = new TestKafka();
  private TopicPartition visits;
  private String topicId;

  @BeforeEach
  void topic() throws Exception {
    kafka.createTopics(1);
    visits = new TopicPartition(kafka.topic("visits"), 0);
    topicId = kafka.visitsId();
  }

  @Nested
  class Backlog {
    @Test
    void markersOfTwoTransactionsAreNoBacklog() throws Exception {
      try (var transactions = new TransactionScript(visits.topic());
          Reader reader = new Reader(Map.of())) {
        transactions.playFile("two-markers.txn", 0);
        reader.start();
        assertEquals(List.of("a", "b"), reader.readToTheEnd());
        assertEquals(4, reader.logEnd());
      }
    }

    @Test
    void abortedRecordsAreNoBacklog() throws Exception {
      try (var transactions = new TransactionScript(visits.topic());
          Reader reader = new Reader(READ_COMMITTED)) {
        transactions.playFile("aborted-tail.txn", 0);
        reader.start();
        assertEquals(List.of("a"), reader.readToTheEnd());
        assertEquals(5, reader.logEnd());
      }
    }

    @Test
    void openTransactionIsBacklogUntilItEnds() throws Exception {
      try (var transactions = new TransactionScript(visits.topic());
          Reader reader = new Reader(READ_COMMITTED);
          CapturedLog log = CapturedLog.start()) {
        kafka.writeVisits(0, bytes("before"));
        transactions.play("A begin\nA 0\t\\N\tinside");
        kafka.writeVisits(0, bytes("behind"));
        reader.start();
        List<String> values = new ArrayList<>();
        while (log.warnings(ReadPositions.class).isEmpty()) {
          values.addAll(reader.read());
          assertTrue(reader.backlog() != 0);
        }
        assertEquals(List.of("before"), values);
        assertTrue(
            log.warnings(ReadPositions.class)
                .get(0)
                .startsWith(visits + ": a transaction that is open since "));
        transactions.play("A commit");
        assertEquals(List.of("inside", "behind"), reader.readToTheEnd());
      }
    }

    @Test
    void polledRecordsAreBacklogUntilHandedOver() throws Exception {
      kafka.writeVisits(0, bytes("0"), bytes("1"));
      try (Reader reader = new Reader(Map.of())) {
        reader.start();
        List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
        while (polled.isEmpty()) {
          polled.addAll(reader.poll());
        }
        assertEquals(2, reader.backlog());
        reader.handOver(polled);
        assertEquals(0, reader.backlog());
      }
    }

    @Test
    void drainingJobStopsAtLogEnd() throws Exception {
      try (var transactions = new TransactionScript(visits.topic())) {
        transactions.playFile("two-markers.txn", 0).play("A begin\nA 0\t\\N\tinside");
        Map<String, String> readCommitted = new HashMap<>();
        READ_COMMITTED.forEach((name, value) -> readCommitted.put(name, value.toString()));
        assertEquals(Map.of(visits, 4L), check(readCommitted).ends(List.of(visits.topic())));
        assertEquals(Map.of(visits, 5L), check(Map.of()).ends(List.of(visits.topic())));
      }
    }
  }

  @Nested
  class DeletedRecords {
    @Test
    void reportsRecordsDeletedBeforeStart() throws Exception {
      write(0, 5);
      kafka.deleteVisits(0, 5);
      try (Reader reader = new Reader(Map.of());
          CapturedLog log = CapturedLog.start()) {
        reader.start(2);
        assertEquals(List.of(), reader.readToTheEnd());
        assertEquals(
            List.of(visits + ": records 2 to 4 were deleted before they were read"),
            log.warnings(PositionRecovery.class));
        assertEquals(new Counts(3, 0), reader.losses());
        reader.start(2); // as the DirectRunner reopens its readers, again and again
        assertEquals(List.of(), reader.readToTheEnd());
        assertEquals(1, log.warnings(PositionRecovery.class).size());
        assertEquals(Counts.NONE, reader.losses());
        write(5, 6);
        assertEquals(List.of("5"), reader.readToTheEnd());
      }
    }

    @Test
    void reportsRecordsDeletedUnderBlockedReader() throws Exception {
      write(0, 20);
      // One record at a time: without polls the consumer fetches only the next ones.
      try (Reader reader =
              new Reader(
                  Map.of(
                      ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1,
                      ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1));
          CapturedLog log = CapturedLog.start()) {
        reader.start();
        List<String> values = new ArrayList<>();
        while (values.isEmpty()) {
          values.addAll(reader.read());
        }
        kafka.deleteVisits(0, 18);
        values.addAll(reader.readToTheEnd());
        int deleted = 20 - values.size();
        int first = 18 - deleted;
        assertTrue(deleted > 1, "" + values);
        assertEquals(
            List.of(
                "%s: records %s to 17 were deleted before they were read".formatted(visits, first)),
            log.warnings(PositionRecovery.class));
        assertEquals(new Counts(deleted, 0), reader.losses());
        assertEquals(List.of("18", "19"), values.subList(values.size() - 2, values.size()));
      }
    }
  }

  /** The topic was deleted and created anew. */
  @Nested
  class RecreatedTopic {
    @Test
    void startsAtBeginning() throws Exception {
      write(0, 3);
      try (Reader reader = new Reader(Map.of());
          CapturedLog log = CapturedLog.start()) {
        reader.start();
        assertEquals(List.of("0", "1", "2"), reader.readToTheEnd());
        for (int records : new int[] {3, 5, 1}) { // as many as were read, more, fewer
          kafka.createVisitsAnew(1);
          write(100, 100 + records);
          assertEquals(values(100, 100 + records), reader.read(records));
          assertEquals(0, reader.awaitNoBacklog());
          assertEquals(new Counts(0, 1), reader.losses());
          assertEquals(IntStream.range(0, records).boxed().toList(), reader.lastOffsets);
          reader.commit();
          assertEquals(records, reader.committed());
        }
        String warning =
            ": the topic was deleted and created anew: reading continues at the beginning of the"
                + " new one; of the old one everything before offset %s was read";
        assertEquals(
            List.of(
                visits + warning.formatted(3),
                visits + warning.formatted(3),
                visits + warning.formatted(5)),
            log.warnings(PositionRecovery.class));
      }
    }

    @Test
    void oldCheckpointStartsAtBeginning() throws Exception {
      write(0, 3);
      kafka.createVisitsAnew(1);
      write(100, 105);
      try (Reader reader = new Reader(Map.of())) {
        reader.start(3);
        assertEquals(values(100, 105), reader.read(5));
        assertEquals(new Counts(0, 1), reader.losses());
      }
    }

    @Test
    void resumesNewCheckpoint() throws Exception {
      long checkpoint;
      write(0, 3);
      try (Reader reader = new Reader(Map.of())) {
        reader.start(3);
        kafka.createVisitsAnew(1);
        write(100, 102);
        assertEquals(values(100, 102), reader.read(2));
        checkpoint = reader.handedOver;
      }
      write(102, 105);
      try (Reader reader = new Reader(Map.of())) {
        reader.start(checkpoint);
        assertEquals(values(102, 105), reader.read(3));
        assertEquals(Counts.NONE, reader.losses());
      }
    }

    @Test
    void isNoticedWithoutSubmittedId() throws Exception {
      topicId = null; // saved state of an earlier version
      write(0, 3);
      try (Reader reader = new Reader(Map.of())) {
        reader.start(0);
        assertEquals(values(0, 3), reader.read(3));
        kafka.createVisitsAnew(1);
        write(100, 103);
        assertEquals(values(100, 103), reader.read(3));
      }
    }

    @Test
    void missingPartitionBlocksNothing() throws Exception {
      kafka.createVisitsAnew(2);
      topicId = kafka.visitsId();
      visits = new TopicPartition(visits.topic(), 1);
      kafka.writeVisits(1, bytes("0"));
      try (Reader reader = new Reader(Map.of());
          CapturedLog log = CapturedLog.start()) {
        reader.start();
        assertEquals(List.of("0"), reader.readToTheEnd());
        kafka.createVisitsAnew(1);
        while (reader.losses().equals(Counts.NONE)) {
          reader.read();
        }
        assertEquals(0, reader.backlog());
        reader.commit(); // which nothing accepts
        assertEquals(
            List.of(
                visits
                    + ": the topic was deleted and created anew without this partition; of the old"
                    + " one everything before offset 1 was read"),
            log.warnings(PositionRecovery.class));
      }
    }

    @Test
    void commitsNoOffsetBehindEnd() throws Exception {
      write(0, 3);
      check(Map.of("group.id", kafka.group()))
          .commit(
              Map.of(visits, 9L), new JobFingerprint("")); // of a topic that was created anew since
      assertEquals(3, kafka.committed().get(0).offset());
    }
  }

  @Nested
  class TruncatedLog {
    @Test
    void resumesAtEnd() throws Exception {
      write(0, 3);
      try (Reader reader = new Reader(Map.of());
          CapturedLog log = CapturedLog.start()) {
        reader.start(5);
        assertEquals(List.of(), reader.readToTheEnd());
        assertEquals(
            List.of(
                visits
                    + ": the log was truncated, and what was read up to offset 5 is gone from"
                    + " offset 3 on: reading continues there"),
            log.warnings(PositionRecovery.class));
        write(3, 4);
        assertEquals(List.of("3"), reader.readToTheEnd());
        assertEquals(new Counts(0, 1), reader.losses());
      }
    }

    @Test
    void resumesWhereLeaderEpochDiverges() throws Exception {
      write(0, 3);
      try (Reader reader = new Reader(Map.of());
          CapturedLog log = CapturedLog.start()) {
        reader.start(0);
        reader.consumer.seek(visits, new OffsetAndMetadata(5, Optional.of(0), ""));
        while (reader.losses().equals(Counts.NONE)) {
          assertEquals(List.of(), reader.read());
        }
        write(3, 4);
        assertEquals(List.of("3"), reader.readToTheEnd());
        assertEquals(1, log.warnings(PositionRecovery.class).size());
      }
    }
  }

  @Test
  void reportsAddedPartitionsOnce() throws Exception {
    try (Reader reader = new Reader(Map.of());
        CapturedLog log = CapturedLog.start()) {
      reader.start();
      kafka.growVisitsTo(3);
      for (int i = 0; i < 5; i++) {
        write(i, i + 1);
        assertEquals(List.of("" + i), reader.read(1));
      }
      assertEquals(
          List.of(
              "the topic %s has 3 partitions, and the job reads the 1 that it had when it was"
                      .formatted(visits.topic())
                  + " submitted: stop the job, and start it without saved state, to have it"
                  + " read all of them"),
          log.warnings(BoundedConsumer.class));
    }
  }

  private static final Map<String, Object> READ_COMMITTED =
      Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");

  private static TopicCheck check(Map<String, String> config) {
    return new TopicCheck(TestKafka.address(), config, "--consumerConfig");
  }

  private void write(int from, int to) throws Exception {
    kafka.writeVisits(
        0, values(from, to).stream().map(TopicChangesIT::bytes).toArray(byte[][]::new));
  }

  private static List<String> values(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** The calls of KafkaIO to the two consumers of a reader. */
  private final class Reader implements AutoCloseable {
    private final VisitTimestamps timestamps =
        new VisitTimestamps(
            UUID.randomUUID(),
            Long.MAX_VALUE,
            new WatermarkRules(
                Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofMinutes(31), false),
            Clock.systemUTC());
    private final Consumer<byte[], byte[]> consumer;
    private final Consumer<byte[], byte[]> offsetConsumer;
    private long handedOver;
    private List<Integer> lastOffsets = List.of();

    Reader(Map<String, Object> more) {
      Map<String, Object> config = new HashMap<>(TestKafka.config());
      config.put(ConsumerConfig.GROUP_ID_CONFIG, kafka.topic("group"));
      config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
      config.putAll(more);
      timestamps.createTimestampPolicy(visits, Optional.empty());
      BoundedConsumer.Factory factory =
          BoundedConsumer.Factory.of(
              List.of(new SubmittedTopic(visits.topic(), topicId, visits.partition() + 1)),
              timestamps.job(),
              new Brokers(TestKafka.address(), new ClientSettings(Map.of()), null, 0),
              new StartingOffsets(
                  new StartFrom(Position.EARLIEST, null),
                  Rewind.NONE,
                  StoppingOffsets.of(Map.of())),
              false,
              ParserSettings.DEFAULT);
      consumer = factory.apply(config);
      Map<String, Object> uncommitted = new HashMap<>(config);
      uncommitted.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
      offsetConsumer = factory.apply(uncommitted);
      consumer.assign(List.of(visits));
    }

    void start() {
      handedOver = consumer.position(visits);
    }

    void start(long checkpoint) {
      handedOver = checkpoint;
      consumer.seek(visits, checkpoint);
    }

    List<ConsumerRecord<byte[], byte[]>> poll() {
      return consumer.poll(Duration.ofMillis(100)).records(visits);
    }

    List<String> handOver(List<ConsumerRecord<byte[], byte[]>> batches) {
      List<String> values = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> batch : batches) {
        handedOver = batch.offset() + 1;
        List<ConsumedRecord> records = Batches.records(RecordBatch.read(batch.value()));
        for (ConsumedRecord record : records) {
          values.add(
              record.content() instanceof Visit visit
                  ? visit.visitId()
                  : new String(((Rejection) record.content()).value(), UTF_8));
        }
        lastOffsets =
            records.stream().map(record -> (int) record.provenance().position().offset()).toList();
      }
      return values;
    }

    List<String> read() {
      return handOver(poll());
    }

    /** Reads until there are so many records, and once more, for unexpected ones. */
    List<String> read(int atLeast) {
      List<String> values = new ArrayList<>();
      while (values.size() < atLeast) {
        values.addAll(read());
      }
      values.addAll(read());
      return values;
    }

    List<String> readToTheEnd() {
      List<String> values = new ArrayList<>();
      do {
        values.addAll(read());
      } while (backlog() != 0);
      return values;
    }

    long awaitNoBacklog() {
      while (backlog() != 0) {
        assertEquals(List.of(), read());
      }
      return 0;
    }

    /** As KafkaIO computes it; negative if unknown. */
    long backlog() {
      return offsetConsumer.endOffsets(List.of(visits)).get(visits) - handedOver;
    }

    long logEnd() {
      try (Consumer<byte[], byte[]> plain =
          new KafkaConsumer<>(
              TestKafka.config(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        return plain.endOffsets(List.of(visits)).get(visits);
      }
    }

    Counts losses() {
      return JvmProgress.of(timestamps.job()).orElseThrow().changes().takeLosses(visits);
    }

    void commit() {
      consumer.commitSync(Map.of(visits, new OffsetAndMetadata(handedOver)));
    }

    long committed() {
      return consumer.committed(Set.of(visits)).get(visits).offset();
    }

    @Override
    public void close() {
      consumer.close();
      offsetConsumer.close();
    }
  }
}
