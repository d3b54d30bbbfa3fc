package io.sessionizer.kafka;

import io.sessionizer.records.Provenance;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.PackedRecord;
import io.sessionizer.visits.PacketWriter;
import io.sessionizer.visits.Rejection;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Records of a partition that were polled together, as one record: Beam's overhead for each record
 * of a source, its metrics above all, is larger than the cost of sessionizing it. The batch has the
 * offset of its last record, so that reading resumes behind it, and its timestamp. Its value is a
 * {@link ConsumedBatch}, coded; it never leaves the process.
 */
final class RecordBatch {
  /**
   * How many bytes the records of a batch have, except for the last. They are several times in
   * memory.
   */
  static final int MAX_BYTES = 16 << 20;

  private final long resumedAtMillis;
  private final PackingDeserializer values;
  private final OriginalRecords.@Nullable Limit kept;
  private final PacketWriter packets;
  private final List<ConsumedRecord> rejected = new ArrayList<>();
  private ConsumerRecord<byte[], byte[]> last;
  private int bytes;

  private RecordBatch(
      ConsumerRecord<byte[], byte[]> first, PackingDeserializer values, long resumedAtMillis) {
    this.values = values;
    this.kept =
        values.originals() == null
            ? null
            : values.originals().limit(RecordMapping.partition(first));
    this.resumedAtMillis = resumedAtMillis;
    this.packets = new PacketWriter(first.topic(), first.partition(), resumedAtMillis);
    this.last = first;
  }

  /**
   * Returns records of one partition as batches, in their order.
   *
   * @param records with values of a {@link PackingDeserializer}
   * @param values the deserializer
   * @param resumedAtMillis the watermark at which reading the partition was resumed
   */
  static List<ConsumerRecord<byte[], byte[]>> of(
      List<ConsumerRecord<byte[], byte[]>> records,
      PackingDeserializer values,
      long resumedAtMillis) {
    List<ConsumerRecord<byte[], byte[]>> batches = new ArrayList<>(1);
    RecordBatch batch = null;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (batch == null) {
        batch = new RecordBatch(record, values, resumedAtMillis);
      }
      batch.add(record);
      if (batch.bytes >= MAX_BYTES) {
        batches.add(batch.asRecord());
        batch = null;
      }
    }
    if (batch != null) {
      batches.add(batch.asRecord());
    }
    return batches;
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    last = record;
    bytes += size(record);
    Rejection rejection =
        record.value() == null ? Rejection.WITHOUT_VALUE : add(record, values.packed(record));
    if (rejection != null) {
      Provenance provenance =
          new Provenance(RecordMapping.position(record), record.timestamp(), resumedAtMillis);
      rejected.add(new ConsumedRecord(provenance, values.headers(record), record.key(), rejection));
    }
  }

  private @Nullable Rejection add(ConsumerRecord<byte[], byte[]> record, byte[] packed) {
    boolean isKept =
        kept != null
            && PackedRecord.isVisit(packed)
            && kept.contains(record.offset(), PackedRecord.eventTimeMillis(packed));
    return packets.add(
        packed, record.offset(), record.timestamp(), isKept ? values.original(record) : null);
  }

  private ConsumerRecord<byte[], byte[]> asRecord() {
    ConsumedBatch batch = packets.batch(rejected);
    if (values.originals() != null && batch.hasVisits()) {
      values.originals().batchPolled(RecordMapping.partition(last), batch.newestMillis());
    }
    byte[] value = coded(batch);
    return new ConsumerRecord<>(
        last.topic(),
        last.partition(),
        last.offset(),
        last.timestamp(),
        last.timestampType(),
        ConsumerRecord.NULL_SIZE,
        value.length,
        null,
        value,
        new RecordHeaders(),
        last.leaderEpoch());
  }

  /** Returns a batch without records, whose offset is {@code offset}. */
  static ConsumerRecord<byte[], byte[]> empty(TopicPartition partition, long offset) {
    byte[] value =
        coded(new ConsumedBatch(List.of(), List.of(), 0, 0, Long.MAX_VALUE, Long.MIN_VALUE));
    return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, value);
  }

  private static byte[] coded(ConsumedBatch batch) {
    try {
      return CoderUtils.encodeToByteArray(ConsumedBatch.CODER, batch);
    } catch (CoderException e) {
      throw new UncheckedIOException("a batch cannot be written", e);
    }
  }

  /** Returns the records of a batch. */
  static ConsumedBatch read(byte[] value) {
    try {
      return CoderUtils.decodeFromByteArray(ConsumedBatch.CODER, value);
    } catch (CoderException e) {
      throw new UncheckedIOException("a batch cannot be read", e);
    }
  }

  static int size(ConsumerRecord<byte[], byte[]> record) {
    return 2 * Long.BYTES
        + size(record.key())
        + size(record.value())
        + Math.toIntExact(size(record.headers()));
  }

  /** Returns the bytes of headers, and frees the buffer that Kafka has read them from. */
  static long size(Headers headers) {
    long size = 0;
    for (Header header : headers.toArray()) {
      size += header.key().length() + size(header.value());
    }
    return size;
  }

  private static int size(byte @Nullable [] bytes) {
    return Integer.BYTES + (bytes == null ? 0 : bytes.length);
  }
}
