package io.sessionizer.visits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The value of a record, parsed, as bytes: what it is from the consumer's deserializer, which knows
 * neither its offset nor its timestamp, until it is in a {@link VisitPacket}.
 *
 * <p>The bytes of a visit are 1, its shard, its event time in eight bytes, and its texts as they
 * are in a packet; those of a visit with its value are 4, the same, the value and its length in
 * four bytes; those of a rejection are 0 and what {@link ParsedRecordCoder} writes; that of a
 * record that is filtered is 2, that of one that is excluded 3.
 */
public final class PackedRecord {
  private static final int REJECTION = 0;
  private static final int VISIT = 1;
  private static final int FILTERED = 2;
  private static final int EXCLUDED = 3;
  private static final int VISIT_WITH_VALUE = 4;
  private static final int SHARD_AT = 1;
  private static final int TIME_AT = 2;
  private static final int TEXTS_AT = TIME_AT + Long.BYTES;

  private PackedRecord() {}

  /** Whether a record was rejected. */
  public static boolean isRejected(byte[] packed) {
    return packed[0] == REJECTION;
  }

  /** Whether a record is a visit. */
  public static boolean isVisit(byte[] packed) {
    return packed[0] == VISIT || packed[0] == VISIT_WITH_VALUE;
  }

  /** Returns a visit with its value, which is the bytes from {@code from} to {@code to}. */
  public static byte[] withValue(byte[] visit, byte[] bytes, int from, int to) {
    ByteBuffer out = ByteBuffer.allocate(visit.length + to - from + Integer.BYTES);
    out.put(visit).put(bytes, from, to - from).putInt(to - from);
    out.put(0, (byte) VISIT_WITH_VALUE);
    return out.array();
  }

  /** Returns the value of a visit; null if it was packed without. */
  public static byte @Nullable [] value(byte[] visit) {
    return visit[0] == VISIT_WITH_VALUE
        ? Arrays.copyOfRange(visit, textsTo(visit), visit.length - Integer.BYTES)
        : null;
  }

  /** Whether a record was filtered. */
  static boolean isFiltered(byte[] packed) {
    return packed[0] == FILTERED;
  }

  /** Whether a record was excluded. */
  static boolean isExcluded(byte[] packed) {
    return packed[0] == EXCLUDED;
  }

  /** Returns the rejection of a record that was rejected. */
  static Rejection rejection(byte[] packed) {
    try {
      byte[] coded = Arrays.copyOfRange(packed, 1, packed.length);
      return (Rejection) CoderUtils.decodeFromByteArray(ParsedRecordCoder.of(), coded);
    } catch (IOException e) {
      throw new UncheckedIOException("a rejection cannot be read", e);
    }
  }

  static int shard(byte[] packed) {
    return packed[SHARD_AT] & 0xFF;
  }

  /** Returns the event time of a visit, epoch milliseconds. */
  public static long eventTimeMillis(byte[] packed) {
    return ByteBuffer.wrap(packed).getLong(TIME_AT);
  }

  /** Returns where the texts start. */
  static int texts() {
    return TEXTS_AT;
  }

  /** Returns where the texts end. */
  static int textsTo(byte[] packed) {
    if (packed[0] == VISIT) {
      return packed.length;
    }
    int end = packed.length - Integer.BYTES;
    return end - ByteBuffer.wrap(packed).getInt(end);
  }

  /** Parses values in place and packs them. Not thread-safe. */
  public static final class Writer {
    private static final int FIRST_BYTES = 256;

    private final VisitParser parser;
    private final VisitBytes out = new VisitBytes(FIRST_BYTES);

    /** Creates a writer of what {@code parser} makes of values. */
    public Writer(VisitParser parser) {
      this.parser = parser;
    }

    /** Packs the value from {@code from} to {@code to}. */
    public byte[] pack(byte[] bytes, int from, int to) {
      return pack(bytes, from, to, null);
    }

    /** Packs the value from {@code from} to {@code to} of a record of Kafka. */
    public byte[] pack(byte[] bytes, int from, int to, @Nullable RecordHead head) {
      out.clear();
      try {
        LeftOut leftOut = parser.read(bytes, from, to, head);
        if (leftOut == null) {
          writeVisit(parser.reader());
        } else {
          out.writeByte(leftOut == LeftOut.FILTERED ? FILTERED : EXCLUDED);
        }
      } catch (RejectedVisitException e) {
        byte[] value = Arrays.copyOfRange(bytes, from, to);
        write(new Rejection(e.reason(), e.getMessage(), value));
      }
      return out.toArray();
    }

    private void writeVisit(VisitReader reader) {
      out.writeByte(VISIT);
      int from = reader.visitIdFrom();
      out.writeByte(VisitPacket.shardOf(reader.visitIdBytes(), from, reader.visitIdTo() - from));
      out.writeLong(reader.eventTimeMillis());
      reader.writeTexts(out);
    }

    private void write(Rejection rejection) {
      try {
        byte[] coded = CoderUtils.encodeToByteArray(ParsedRecordCoder.of(), rejection);
        out.writeByte(REJECTION);
        out.writeBytes(coded, 0, coded.length);
      } catch (IOException e) {
        throw new UncheckedIOException("a rejection cannot be written", e);
      }
    }
  }
}
