package io.sessionizer.kafka;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.PacketWriter;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.VisitParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Records of a partition that were polled together, as one record: Beam's overhead for each record
 * of a source, its metrics above all, is larger than the cost of sessionizing it. The batch has the
 * offset of its last record, so that reading resumes behind it, and its timestamp.
 *
 * <p>Its value is the partition, and then of each record: offset, timestamp, key and value, both
 * preceded by their length, -1 if they are missing. It never leaves the process.
 */
final class RecordBatch {
  /** How many bytes a batch has, except for its last record. It is in memory several times. */
  static final int MAX_BYTES = 16 << 20;

  private static final int MISSING = -1;

  private RecordBatch() {}

  /** Returns the records of one partition as batches, in their order. */
  static List<ConsumerRecord<byte[], byte[]>> of(List<ConsumerRecord<byte[], byte[]>> records) {
    List<ConsumerRecord<byte[], byte[]>> batches = new ArrayList<>(1);
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < records.size(); i++) {
      bytes += size(records.get(i));
      if (bytes >= MAX_BYTES || i == records.size() - 1) {
        batches.add(batch(records.subList(from, i + 1), bytes));
        from = i + 1;
        bytes = 0;
      }
    }
    return batches;
  }

  private static ConsumerRecord<byte[], byte[]> batch(
      List<ConsumerRecord<byte[], byte[]>> records, int bytes) {
    ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
    ByteBuffer value = ByteBuffer.allocate(Integer.BYTES + bytes).putInt(last.partition());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      value.putLong(record.offset()).putLong(record.timestamp());
      put(record.key(), value);
      put(record.value(), value);
    }
    return new ConsumerRecord<>(
        last.topic(),
        last.partition(),
        last.offset(),
        last.timestamp(),
        last.timestampType(),
        ConsumerRecord.NULL_SIZE,
        value.capacity(),
        null,
        value.array(),
        new RecordHeaders(),
        last.leaderEpoch());
  }

  /** Returns a batch without records, whose offset is {@code offset}. */
  static ConsumerRecord<byte[], byte[]> empty(TopicPartition partition, long offset) {
    byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(partition.partition()).array();
    return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, value);
  }

  /**
   * Parses the records of a batch.
   *
   * @param resumedAt the watermark at which reading a partition was resumed
   */
  static ConsumedBatch parsed(
      String topic, byte[] batch, VisitParser parser, ToLongFunction<TopicPartition> resumedAt) {
    ByteBuffer next = ByteBuffer.wrap(batch);
    int partition = next.getInt();
    long resumedAtMillis = resumedAt.applyAsLong(new TopicPartition(topic, partition));
    PacketWriter packets = new PacketWriter(topic, partition, resumedAtMillis);
    List<ConsumedRecord> rejected = new ArrayList<>();
    while (next.hasRemaining()) {
      long offset = next.getLong();
      long timestamp = next.getLong();
      int key = next.position();
      skip(next);
      int length = next.getInt();
      int from = next.position();
      int to = from + Math.max(0, length);
      Rejection rejection =
          length == MISSING
              ? parser.withoutValue()
              : packets.add(parser, batch, from, to, offset, timestamp);
      if (rejection != null) {
        SourcePosition position = new SourcePosition(topic, partition, offset);
        Provenance provenance = new Provenance(position, timestamp, resumedAtMillis);
        rejected.add(new ConsumedRecord(provenance, get(next.position(key)), rejection));
      }
      next.position(to);
    }
    return packets.batch(rejected);
  }

  private static void skip(ByteBuffer buffer) {
    int length = buffer.getInt();
    buffer.position(buffer.position() + Math.max(0, length));
  }

  static int size(ConsumerRecord<byte[], byte[]> record) {
    return 2 * Long.BYTES + size(record.key()) + size(record.value());
  }

  private static int size(byte @Nullable [] bytes) {
    return Integer.BYTES + (bytes == null ? 0 : bytes.length);
  }

  private static void put(byte @Nullable [] bytes, ByteBuffer buffer) {
    if (bytes == null) {
      buffer.putInt(MISSING);
    } else {
      buffer.putInt(bytes.length).put(bytes);
    }
  }

  private static byte @Nullable [] get(ByteBuffer buffer) {
    int length = buffer.getInt();
    if (length == MISSING) {
      return null;
    }
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }
}
