package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.TopicRecord;
import java.util.ArrayList;
import java.util.List;
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
  private long oldestMillis = Long.MAX_VALUE;
  private long newestMillis = Long.MIN_VALUE;
  private int filtered;
  private int excluded;

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
    Shard shard = shard(VisitPacket.shardOf(visitId, 0, visitId.length));
    writeNumbers(shard, visit.eventTimeMillis(), offset, timestampMillis);
    byte[] fields = visit.fields().bytes();
    shard.visits.writeFields(fields, 0, fields.length);
    shard.visits.writeText(visitId, 0, visitId.length, 0);
    shard.visits.writeText(visit.userId());
    shard.visits.writeText(visit.page());
  }

  /**
   * Adds the visit of a {@link PackedRecord}, or counts it as left out.
   *
   * @return the rejection, if the record was rejected
   */
  public @Nullable Rejection add(byte[] packed, long offset, long timestampMillis) {
    return add(packed, offset, timestampMillis, null);
  }

  /**
   * Adds the visit of a {@link PackedRecord}, or counts it as left out.
   *
   * @param original the record as it was read, of a visit that may be too late
   * @return the rejection, if the record was rejected
   */
  public @Nullable Rejection add(
      byte[] packed, long offset, long timestampMillis, @Nullable TopicRecord original) {
    if (PackedRecord.isRejected(packed)) {
      return PackedRecord.rejection(packed);
    }
    if (PackedRecord.isFiltered(packed)) {
      filtered++;
      return null;
    }
    if (PackedRecord.isExcluded(packed)) {
      excluded++;
      return null;
    }
    Shard shard = shard(PackedRecord.shard(packed));
    writeNumbers(shard, PackedRecord.eventTimeMillis(packed), offset, timestampMillis);
    shard.visits.writeBytes(packed, PackedRecord.texts(), PackedRecord.textsTo(packed));
    if (original != null) {
      shard.add(original);
    }
    return null;
  }

  /**
   * Adds the visit of a cursor, which is of a shard.
   *
   * @param original the record as it was read, if it was kept
   */
  void add(int number, VisitCursor visit, @Nullable TopicRecord original) {
    Shard shard = shard(number);
    writeNumbers(shard, visit.eventTimeMillis(), visit.offset(), visit.timestampMillis());
    byte[] bytes = visit.bytes();
    shard.visits.writeFields(bytes, visit.fieldsFrom(), visit.fieldsLength());
    int visitIdFrom = visit.visitIdFrom();
    shard.visits.writeText(bytes, visitIdFrom, visitIdFrom + visit.visitIdLength(), 0);
    shard.visits.writeText(bytes, visit.userIdFrom(), visit.userIdLength());
    shard.visits.writeText(bytes, visit.pageFrom(), visit.pageLength());
    if (original != null) {
      shard.add(original);
    }
  }

  private void writeNumbers(Shard shard, long eventTimeMillis, long offset, long timestampMillis) {
    shard.writeNumbers(eventTimeMillis, offset, timestampMillis);
    oldestMillis = Math.min(oldestMillis, eventTimeMillis);
    newestMillis = Math.max(newestMillis, eventTimeMillis);
  }

  /** Returns the visits together with the records that were rejected. */
  public ConsumedBatch batch(List<ConsumedRecord> rejected) {
    return new ConsumedBatch(packets(), rejected, filtered, excluded, oldestMillis, newestMillis);
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

  private VisitPacket packet(int number, Shard shard) {
    VisitBytes header = new VisitBytes(topic.length + 32);
    header.writeText(topic, 0, topic.length, 0);
    header.writeNumber(partition);
    header.writeLong(resumedAtMillis);
    header.writeByte(number);
    header.writeNumber(shard.count);
    byte[] visits = shard.visits.behind(header);
    return shard.originals == null
        ? new VisitPacket(visits, false)
        : new VisitPacket(shard.originalsBehind(visits, shard.originals), true);
  }

  private Shard shard(int number) {
    Shard shard = shards[number];
    if (shard == null) {
      shard = new Shard();
      shards[number] = shard;
    }
    return shard;
  }

  /** The visits of a shard, one after another. */
  private static final class Shard {
    private static final int FIRST_BYTES = 512;

    private final VisitBytes visits = new VisitBytes(FIRST_BYTES);
    private int count;
    private long eventTimeMillis;
    private long offset;
    private long timestampMillis;

    /** Null until there is one, since most shards have none. */
    private @Nullable VisitBytes originals;

    private int originalsCount;
    private long offsetOfOriginal;

    /** Adds the record of the last visit as it was read. */
    void add(TopicRecord original) {
      VisitBytes out = originals == null ? new VisitBytes(FIRST_BYTES) : originals;
      out.writeNumber(offset - offsetOfOriginal);
      OriginalRecord.write(original, out);
      originals = out;
      offsetOfOriginal = offset;
      originalsCount++;
    }

    /** Returns a packet's visits with the records as they were read behind them. */
    byte[] originalsBehind(byte[] packed, VisitBytes records) {
      VisitBytes out = new VisitBytes(packed.length + records.length() + 2 * Long.BYTES);
      out.writeBytes(packed, 0, packed.length);
      out.writeNumber(originalsCount);
      out.writeBytes(records);
      out.writeInt(out.length() - packed.length);
      return out.toArray();
    }

    void writeNumbers(long newEventTimeMillis, long newOffset, long newTimestampMillis) {
      visits.writeSigned(newEventTimeMillis - eventTimeMillis);
      visits.writeSigned(newOffset - offset);
      visits.writeSigned(newTimestampMillis - timestampMillis);
      eventTimeMillis = newEventTimeMillis;
      offset = newOffset;
      timestampMillis = newTimestampMillis;
      count++;
    }
  }
}
