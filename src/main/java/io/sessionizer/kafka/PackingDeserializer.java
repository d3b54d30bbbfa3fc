package io.sessionizer.kafka;

import io.sessionizer.visits.PackedRecord;
import io.sessionizer.visits.VisitParser;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Parses the values of records where Kafka has decompressed them, in the thread of the consumer,
 * and returns them as a {@link PackedRecord}: a fifth of the bytes, since few fields of a visit are
 * needed. Never throws, so that no record can stop the reader.
 *
 * <p>Rejected records keep their bytes. So many that they would fill the memory are left unread,
 * until the next portion.
 */
final class PackingDeserializer implements Deserializer<byte[]> {
  /** In place of a record that was left unread. */
  static final byte[] UNREAD = {};

  /** How many bytes the rejected records of a portion have, except for the last of them. */
  private static final int MAX_REJECTED_BYTES = 32 << 20;

  private final PackedRecord.Writer writer;
  private int rejectedBytes;

  PackingDeserializer(VisitParser parser) {
    this.writer = new PackedRecord.Writer(parser);
  }

  /** Starts a portion of records. */
  void startPortion() {
    rejectedBytes = 0;
  }

  /** Whether records of the portion may have been left unread. */
  boolean isFull() {
    return rejectedBytes >= MAX_REJECTED_BYTES;
  }

  @Override
  public byte[] deserialize(String topic, Headers headers, ByteBuffer value) {
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

  private byte[] pack(byte[] bytes, int from, int to) {
    if (isFull()) {
      return UNREAD;
    }
    byte[] packed = writer.pack(bytes, from, to);
    if (PackedRecord.isRejected(packed)) {
      rejectedBytes += packed.length;
    }
    return packed;
  }
}
