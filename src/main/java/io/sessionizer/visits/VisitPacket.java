package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.coders.VersionedCoder;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The visits of one shard that were read together from one partition, as bytes: in most of a job's
 * steps a visit is never an object. Immutable.
 *
 * <p>The bytes are the topic, the partition, the watermark at which reading was resumed, the shard
 * and the number of visits; then of each visit the differences of its time, its offset and its
 * timestamp to those of the one before, its visit id, its user id and its page. A visit with
 * projected fields has {@link #FIELDS} in place of the length of its visit id, and then the length
 * of the {@link io.sessionizer.records.ProjectedFields}, their bytes, and what others have.
 *
 * <p>Behind the visits may be the records of some of them as they were read, of those that may be
 * too late: their number, of each the difference of its offset to that of the one before and an
 * {@link OriginalRecord}, and in the last four bytes the length of all that.
 */
public final class VisitPacket {
  /** How many shards there are. It is part of the format of saved state. */
  public static final int SHARDS = 256;

  /** In place of the length of a visit id, which it never is: projected fields follow. */
  static final int FIELDS = 0;

  /** Codes a packet between steps. */
  public static final Coder<VisitPacket> CODER = new VisitPacketCoder();

  private final byte[] bytes;
  private final String topic;
  private final int partition;
  private final long resumedAtMillis;
  private final int shard;
  private final int count;
  private final int visitsFrom;
  private final int visitsTo;

  /**
   * Wraps the bytes that {@link PacketWriter} has written.
   *
   * @param hasOriginals whether records as they were read are behind the visits
   */
  VisitPacket(byte[] bytes, boolean hasOriginals) {
    this.bytes = bytes;
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] topicBytes = new byte[Math.toIntExact(readNumber(in))];
    in.get(topicBytes);
    this.topic = new String(topicBytes, UTF_8);
    this.partition = Math.toIntExact(readNumber(in));
    this.resumedAtMillis = in.getLong();
    this.shard = in.get() & 0xFF;
    this.count = Math.toIntExact(readNumber(in));
    this.visitsFrom = in.position();
    int end = bytes.length - Integer.BYTES;
    this.visitsTo = hasOriginals ? end - in.getInt(end) : bytes.length;
  }

  /**
   * Returns the shard of a visit id, from 0: the low bits of the CRC-32C of its UTF-8. It is part
   * of the format of saved state.
   */
  public static int shardOf(byte[] utf8, int from, int length) {
    return (int) hash(utf8, from, length) & (SHARDS - 1);
  }

  private static long hash(byte[] utf8, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(utf8, from, length);
    return crc.getValue();
  }

  /**
   * Returns the part of a visit id if each shard is divided, by the other bits of the hash.
   *
   * @param parts how many there are, at least one
   */
  static int partOf(byte[] utf8, int from, int length, int parts) {
    return (int) (((hash(utf8, from, length) >>> 8) * parts) >>> 24);
  }

  /** Returns the shard of a visit id, from 0. */
  public static int shardOf(String visitId) {
    byte[] utf8 = visitId.getBytes(UTF_8);
    return shardOf(utf8, 0, utf8.length);
  }

  /** Packs visits by shard, partition and the watermark at which reading was resumed. */
  public static List<VisitPacket> of(List<LocatedVisit> visits) {
    Map<Provenance, PacketWriter> writers = new LinkedHashMap<>();
    for (LocatedVisit located : visits) {
      Provenance provenance = located.provenance();
      SourcePosition position = provenance.position();
      Provenance group =
          new Provenance(
              new SourcePosition(position.topic(), position.partition(), 0),
              0,
              provenance.resumedAtMillis());
      writers
          .computeIfAbsent(
              group,
              g ->
                  new PacketWriter(
                      position.topic(), position.partition(), provenance.resumedAtMillis()))
          .add(located.visit(), position.offset(), provenance.timestampMillis());
    }
    return writers.values().stream().flatMap(writer -> writer.packets().stream()).toList();
  }

  /** Returns the shard of all of the visits. */
  public int shard() {
    return shard;
  }

  /** Returns how many visits there are, at least one. */
  public int count() {
    return count;
  }

  /** Returns how many bytes it takes. */
  public int size() {
    return bytes.length;
  }

  /** Returns the topic that the visits were read from. */
  public String topic() {
    return topic;
  }

  /** Returns the partition that the visits were read from. */
  public int partition() {
    return partition;
  }

  /** Returns the watermark of the partition when reading it was resumed, epoch milliseconds. */
  public long resumedAtMillis() {
    return resumedAtMillis;
  }

  /** Returns a cursor before the first visit. */
  public VisitCursor cursor() {
    return new VisitCursor(this, bytes, visitsFrom, visitsTo);
  }

  /** Returns the records as they were read of those visits that may be too late, by offset. */
  public Map<Long, TopicRecord> originals() {
    if (!hasOriginals()) {
      return Map.of();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).position(visitsTo);
    Map<Long, TopicRecord> originals = new HashMap<>();
    long offset = 0;
    for (long left = readNumber(in); left > 0; left--) {
      offset += readNumber(in);
      originals.put(offset, OriginalRecord.read(in));
    }
    return originals;
  }

  private boolean hasOriginals() {
    return visitsTo < bytes.length;
  }

  /** Returns a packet of the visits in a range of event times; empty if there is none. */
  Optional<VisitPacket> within(EventTimeRange range) {
    PacketWriter within = new PacketWriter(topic, partition, resumedAtMillis);
    Map<Long, TopicRecord> originals = originals();
    for (VisitCursor visit = cursor(); visit.next(); ) {
      if (range.contains(visit.eventTimeMillis())) {
        within.add(shard, visit, originals.get(visit.offset()));
      }
    }
    return within.packets().stream().findFirst();
  }

  /** Returns the visits as objects. */
  public List<LocatedVisit> visits() {
    List<LocatedVisit> visits = new ArrayList<>(count);
    for (VisitCursor cursor = cursor(); cursor.next(); ) {
      visits.add(cursor.located());
    }
    return visits;
  }

  static long readNumber(ByteBuffer in) {
    long number = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      number |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0);
    return number;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VisitPacket that
        && Arrays.equals(bytes, that.bytes)
        && visitsTo == that.visitsTo;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return visits().toString();
  }

  private static final class VisitPacketCoder extends VersionedCoder<VisitPacket> {
    private static final long serialVersionUID = 1L;
    private static final ByteArrayCoder BYTES = ByteArrayCoder.of();
    private static final int WITHOUT_ORIGINALS = 1;
    private static final int WITH_ORIGINALS = 2;

    VisitPacketCoder() {
      super(VisitPacket.class, WITHOUT_ORIGINALS, WITH_ORIGINALS);
    }

    @Override
    protected int version(VisitPacket packet) {
      return packet.hasOriginals() ? WITH_ORIGINALS : WITHOUT_ORIGINALS;
    }

    @Override
    protected void write(VisitPacket packet, OutputStream out) throws IOException {
      BYTES.encode(packet.bytes, out);
    }

    @Override
    protected VisitPacket read(InputStream in) throws IOException {
      return read(in, WITHOUT_ORIGINALS);
    }

    @Override
    protected VisitPacket read(InputStream in, int version) throws IOException {
      return new VisitPacket(BYTES.decode(in), version == WITH_ORIGINALS);
    }
  }
}
