package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.testing.Batches;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordBatchTest {
  private static final VisitParser PARSER =
      new VisitParser(1 << 20, Duration.ofHours(1), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
  private static final PackingDeserializer VALUES = new PackingDeserializer(PARSER, null);

  @Property(tries = 500)
  void batchKeepsRecordsInOrder(@ForAll("records") List<ConsumerRecord<byte[], byte[]>> any) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(any);
    records.sort(Comparator.comparingLong(ConsumerRecord::offset));
    List<ConsumedRecord> expected = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Provenance provenance =
          new Provenance(new SourcePosition("visits", 3, record.offset()), record.timestamp(), 7);
      ParsedRecord parsed = PARSER.parse(record.value());
      expected.add(
          new ConsumedRecord(provenance, parsed instanceof Visit ? null : record.key(), parsed));
    }
    List<ConsumerRecord<byte[], byte[]>> batches =
        RecordBatch.of(records.stream().map(RecordBatchTest::packed).toList(), VALUES, 7);
    assertEquals(1, batches.size());
    ConsumerRecord<byte[], byte[]> batch = batches.get(0);
    assertEquals(expected, Batches.records(RecordBatch.read(batch.value())));
    ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
    assertEquals(last.offset(), batch.offset());
    assertEquals(last.timestamp(), batch.timestamp());
    assertEquals(last.timestampType(), batch.timestampType());
    assertEquals(3, batch.partition());
  }

  @Test
  void splitsLargeBatches() {
    byte[] large = packed(new byte[RecordBatch.MAX_BYTES / 2]);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int offset = 0; offset < 5; offset++) {
      records.add(record(offset, 0, null, large));
    }
    assertEquals(
        List.of(1L, 3L, 4L),
        RecordBatch.of(records, VALUES, 7).stream().map(ConsumerRecord::offset).toList());
  }

  @Test
  void packsWithKeysIfVisitIdsAreKeys() {
    InputFormat format =
        InputFormat.read(
            Map.of("--visitIdField", "kafka:key", "--where", "a != 1"), Set.of(), List.of());
    PackingDeserializer values =
        new PackingDeserializer(
            new VisitParser(
                format, 1 << 20, Duration.ofHours(1), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)),
            null);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String value : List.of("", ",\"a\":1", ",")) {
      String json = "{\"event_time\":\"1969-01-01T00:00:00Z\"" + value + "}";
      byte[] read =
          values.deserialize("visits", new RecordHeaders(), ByteBuffer.wrap(json.getBytes(UTF_8)));
      records.add(record(records.size(), 0, "k".getBytes(UTF_8), read));
    }
    ConsumedBatch batch = RecordBatch.read(RecordBatch.of(records, values, 7).get(0).value());
    assertEquals(3, batch.size());
    assertEquals(1, batch.filtered());
    assertEquals(1, batch.rejected().size());
    assertEquals("k", batch.packets().get(0).visits().iterator().next().visit().visitId());
  }

  @Test
  void noRecordsAreNoBatch() {
    assertEquals(List.of(), RecordBatch.of(List.of(), VALUES, 7));
  }

  @Test
  void emptyBatchHasNoRecords() {
    ConsumerRecord<byte[], byte[]> empty = RecordBatch.empty(new TopicPartition("visits", 3), 9);
    assertEquals(9, empty.offset());
    assertEquals(0, RecordBatch.read(empty.value()).size());
  }

  private static ConsumerRecord<byte[], byte[]> packed(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? null : packed(record.value());
    return record(record.offset(), record.timestamp(), record.key(), value);
  }

  /** Deserializes as Kafka does, from the middle of a buffer. */
  private static byte[] packed(byte[] value) {
    ByteBuffer buffer = ByteBuffer.allocate(value.length + 20).position(7).put(value).flip();
    return VALUES.deserialize("visits", new RecordHeaders(), buffer.position(7).slice());
  }

  @Provide
  Arbitrary<List<ConsumerRecord<byte[], byte[]>>> records() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(20).injectNull(0.2);
    Arbitrary<byte[]> visits =
        Arbitraries.of("a", "b", "\u00e9", "\\u0041")
            .map(
                id ->
                    "{\"visit_id\":\"%s\",\"event_time\":\"1969-01-01T00:00:00Z\"}"
                        .formatted(id)
                        .getBytes(UTF_8));
    return Combinators.combine(
            Arbitraries.longs(), Arbitraries.longs(), bytes, Arbitraries.oneOf(bytes, visits))
        .as(RecordBatchTest::record)
        .list()
        .uniqueElements(ConsumerRecord::offset)
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      long offset, long timestamp, byte[] key, byte[] value) {
    return new ConsumerRecord<>(
        "visits",
        3,
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        0,
        0,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }
}
