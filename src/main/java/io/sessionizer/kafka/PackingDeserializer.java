package io.sessionizer.kafka;

import io.sessionizer.records.TopicRecord;
import io.sessionizer.visits.PackedRecord;
import io.sessionizer.visits.VisitParser;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Parses the values of records where Kafka has decompressed them, in the thread of the consumer,
 * and returns them as a {@link PackedRecord}: a fifth of the bytes, since few fields of a visit are
 * needed. Never throws, so that no record can stop the reader. If the visits have fields from
 * elsewhere in the record, values are packed when they are in a batch.
 *
 * <p>Rejected records keep their bytes, as do visits that may be too late ({@link
 * OriginalRecords}), and all of them their key and their headers until they are in a batch. Records
 * with so many of these bytes that they would fill the memory are left unread, until the next
 * portion.
 */
final class PackingDeserializer implements Deserializer<byte[]> {
  /** In place of the key and the value of a record that was left unread. */
  private static final byte[] UNREAD = {};

  /** How many bytes that are not packed a portion has, except for the last of its records. */
  private static final int MAX_KEPT_BYTES = 32 << 20;

  private final PackedRecord.Writer writer;

  /**
   * Whether values are packed with their keys, headers and timestamps, which are not known here.
   */
  private final boolean isPackedLater;

  /** Decides which visits keep their bytes; null if none do. */
  private final @Nullable OriginalRecords originals;

  /** Whether rejected records keep their headers. */
  private final boolean keepsHeaders;

  private final Deserializer<byte[]> keys = new Keys();

  /** Those of the records before. */
  private long keptBytes;

  /** Those of the record's key and headers, whose value is next, unless it has none. */
  private long keptByKey;

  /**
   * Creates a deserializer.
   *
   * @param originals decides which visits keep their bytes; null if none do
   */
  PackingDeserializer(VisitParser parser, @Nullable OriginalRecords originals) {
    this.writer = new PackedRecord.Writer(parser);
    this.originals = originals;
    this.keepsHeaders = !parser.readsDefault();
    this.isPackedLater = parser.usesHead();
  }

  /** Returns the deserializer of the keys of the same records. */
  Deserializer<byte[]> keys() {
    return keys;
  }

  /** Starts a portion of records. */
  void startPortion() {
    keptBytes = 0;
    keptByKey = 0;
  }

  /** Whether records of the portion may have been left unread. */
  boolean isFull() {
    return keptBytes + keptByKey >= MAX_KEPT_BYTES;
  }

  /** Whether a record was left unread. */
  static boolean isUnread(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == UNREAD || record.value() == UNREAD;
  }

  /** Copies keys. Kafka calls it before the other, and neither for what is null. */
  private final class Keys implements Deserializer<byte[]> {
    @Override
    public byte[] deserialize(String topic, Headers headers, ByteBuffer key) {
      keptBytes += keptByKey;
      keptByKey = 0;
      if (keptBytes >= MAX_KEPT_BYTES) {
        return UNREAD;
      }
      keptByKey = key.remaining() + RecordBatch.size(headers);
      return Utils.toArray(key);
    }

    @Override
    public byte[] deserialize(String topic, byte[] key) {
      throw new UnsupportedOperationException("keys are read from buffers");
    }
  }

  @Override
  public byte[] deserialize(String topic, Headers headers, ByteBuffer value) {
    if (keptBytes >= MAX_KEPT_BYTES) {
      return UNREAD;
    }
    keptBytes += keptByKey == 0 ? RecordBatch.size(headers) : keptByKey;
    keptByKey = 0;
    if (value.hasArray()) {
      int from = value.arrayOffset() + value.position();
      return pack(value.array(), from, from + value.remaining());
    }
    return deserialize(topic, Utils.toArray(value));
  }

  @Override
  public byte[] deserialize(String topic, byte[] value) {
    return pack(value, 0, value.length);
  }

  /** Returns the value of a record, packed; it has one. */
  byte[] packed(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    return isPackedLater ? writer.pack(value, 0, value.length, RecordMapping.head(record)) : value;
  }

  /** Returns a visit's record as it was read; null if it has not kept its bytes. */
  @Nullable TopicRecord original(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = isPackedLater ? record.value() : PackedRecord.value(record.value());
    return value == null
        ? null
        : new TopicRecord(record.key(), value, RecordMapping.contents(record).headers());
  }

  /** Returns the headers of a rejected record, if it keeps them. */
  List<TopicRecord.Header> headers(ConsumerRecord<byte[], byte[]> record) {
    return keepsHeaders ? RecordMapping.contents(record).headers() : List.of();
  }

  /** Returns what decides which visits keep their record; null if none do. */
  @Nullable OriginalRecords originals() {
    return originals;
  }

  private byte[] pack(byte[] bytes, int from, int to) {
    if (isPackedLater) {
      keptBytes += to - from;
      return Arrays.copyOfRange(bytes, from, to);
    }
    byte[] packed = writer.pack(bytes, from, to);
    if (PackedRecord.isRejected(packed)) {
      keptBytes += packed.length;
    } else if (originals != null
        && PackedRecord.isVisit(packed)
        && originals.mayKeep(PackedRecord.eventTimeMillis(packed))) {
      packed = PackedRecord.withValue(packed, bytes, from, to);
      keptBytes += packed.length;
    }
    return packed;
  }
}
