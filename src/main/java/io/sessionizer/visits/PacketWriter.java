package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes visits that are read together from one partition into the {@link VisitPacket} of their
 * shard, without creating objects for them. Not thread-safe.
 */
public final class PacketWriter {
  private final byte[] topic;
  private final int partition;
  private final long resumedAtMillis;
  private final @Nullable Shard[] shards = new Shard[VisitPacket.SHARDS];
  private final CRC32C hash = new CRC32C();
  private long oldestMillis = Long.MAX_VALUE;
  private long newestMillis = Long.MIN_VALUE;

  /**
   * Creates a writer of packets without visits.
   *
   * @param topic where the visits are read
   * @param partition where the visits are read
   * @param resumedAtMillis the watermark of the partition when reading it was resumed
   */
  public PacketWriter(String topic, int partition, long resumedAtMillis) {
    this.topic = topic.getBytes(UTF_8);
    this.partition = partition;
    this.resumedAtMillis = resumedAtMillis;
  }

  /** Adds a visit. */
  public void add(Visit visit, long offset, long timestampMillis) {
    byte[] visitId = visit.visitId().getBytes(UTF_8);
    Shard shard = shard(visitId, 0, visitId.length);
    writeNumbers(shard, visit.eventTimeMillis(), offset, timestampMillis);
    shard.writeText(visitId, 0, visitId.length, 0);
    shard.writeText(visit.userId());
    shard.writeText(visit.page());
  }

  /**
   * Parses a record's value in place, from {@code from} to {@code to}, and adds the visit.
   *
   * @return the rejection with a copy of the value; null if there is a visit
   */
  public @Nullable Rejection add(
      VisitParser parser, byte[] bytes, int from, int to, long offset, long timestampMillis) {
    try {
      if (parser.scan(bytes, from, to)) {
        add(parser.reader(), bytes, offset, timestampMillis);
      } else {
        add(parser.visit(bytes, from, to), offset, timestampMillis);
      }
      return null;
    } catch (RejectedVisitException e) {
      return new Rejection(e.reason(), e.getMessage(), Arrays.copyOfRange(bytes, from, to));
    }
  }

  private void add(VisitReader reader, byte[] json, long offset, long timestampMillis) {
    FieldScanner scanner = reader.scanner();
    VisitFields fields = reader.fields();
    int visitId = fields.visitId().slot();
    Shard shard = shard(json, scanner.start(visitId), scanner.end(visitId));
    writeNumbers(shard, reader.eventTimeMillis(), offset, timestampMillis);
    shard.writeText(json, scanner.start(visitId), scanner.end(visitId), 0);
    shard.writeField(json, scanner, fields.userId().slot());
    shard.writeField(json, scanner, fields.page().slot());
  }

  private void writeNumbers(Shard shard, long eventTimeMillis, long offset, long timestampMillis) {
    shard.writeNumbers(eventTimeMillis, offset, timestampMillis);
    oldestMillis = Math.min(oldestMillis, eventTimeMillis);
    newestMillis = Math.max(newestMillis, eventTimeMillis);
  }

  /** Returns the visits together with the records that were rejected. */
  public ConsumedBatch batch(List<ConsumedRecord> rejected) {
    return new ConsumedBatch(packets(), rejected, oldestMillis, newestMillis);
  }

  /** Returns the packets, by shard, of those shards that have visits. */
  public List<VisitPacket> packets() {
    List<VisitPacket> packets = new ArrayList<>();
    for (int number = 0; number < shards.length; number++) {
      Shard visits = shards[number];
      if (visits != null) {
        packets.add(packet(number, visits));
      }
    }
    return packets;
  }

  private VisitPacket packet(int number, Shard visits) {
    Shard header = new Shard(topic.length + 32);
    header.writeText(topic, 0, topic.length, 0);
    header.writeNumber(partition);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      header.writeByte((int) (resumedAtMillis >>> shift));
    }
    header.writeByte(number);
    header.writeNumber(visits.count);
    byte[] packet = Arrays.copyOf(header.bytes, header.length + visits.length);
    System.arraycopy(visits.bytes, 0, packet, header.length, visits.length);
    return new VisitPacket(packet);
  }

  private Shard shard(byte[] visitId, int from, int to) {
    hash.reset();
    hash.update(visitId, from, to - from);
    int number = (int) hash.getValue() & (VisitPacket.SHARDS - 1);
    Shard shard = shards[number];
    if (shard == null) {
      shard = new Shard(Shard.FIRST_BYTES);
      shards[number] = shard;
    }
    return shard;
  }

  /** The visits of a shard, one after another. */
  private static final class Shard {
    private static final int FIRST_BYTES = 512;

    /** The most bytes that a number needs. */
    private static final int NUMBER_BYTES = 10;

    private byte[] bytes;
    private int length;
    private int count;
    private long eventTimeMillis;
    private long offset;
    private long timestampMillis;

    Shard(int size) {
      this.bytes = new byte[size];
    }

    void writeNumbers(long newEventTimeMillis, long newOffset, long newTimestampMillis) {
      writeSigned(newEventTimeMillis - eventTimeMillis);
      writeSigned(newOffset - offset);
      writeSigned(newTimestampMillis - timestampMillis);
      eventTimeMillis = newEventTimeMillis;
      offset = newOffset;
      timestampMillis = newTimestampMillis;
      count++;
    }

    void writeField(byte[] json, FieldScanner scanner, int slot) {
      if (scanner.isMissing(slot)) {
        writeByte(0);
      } else {
        writeText(json, scanner.start(slot), scanner.end(slot), 1);
      }
    }

    void writeText(@Nullable String text) {
      if (text == null) {
        writeByte(0);
      } else {
        byte[] utf8 = text.getBytes(UTF_8);
        writeText(utf8, 0, utf8.length, 1);
      }
    }

    /** Writes a text behind its length and {@code plus}. */
    void writeText(byte[] utf8, int from, int to, int plus) {
      writeNumber((long) to - from + plus);
      writeBytes(utf8, from, to);
    }

    void writeBytes(byte[] more, int from, int to) {
      reserve(to - from);
      System.arraycopy(more, from, bytes, length, to - from);
      length += to - from;
    }

    void writeSigned(long number) {
      writeNumber((number << 1) ^ (number >> (Long.SIZE - 1)));
    }

    void writeNumber(long number) {
      reserve(NUMBER_BYTES);
      long left = number;
      while ((left & ~0x7FL) != 0) {
        bytes[length++] = (byte) (left | 0x80);
        left >>>= 7;
      }
      bytes[length++] = (byte) left;
    }

    void writeByte(int value) {
      reserve(1);
      bytes[length++] = (byte) value;
    }

    private void reserve(int more) {
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
      }
    }
  }
}
