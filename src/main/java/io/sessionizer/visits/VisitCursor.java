package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the visits of a packet one by one, in place: texts are slices of the packet's array, in
 * well-formed UTF-8. Not thread-safe.
 */
public final class VisitCursor {
  private final VisitPacket packet;
  private final byte[] bytes;
  private final int visitsTo;
  private int at;
  private long eventTimeMillis;
  private long offset;
  private long timestampMillis;
  private int fieldsFrom;
  private int fieldsLength;
  private int visitIdFrom;
  private int visitIdLength;
  private int userIdFrom;
  private int userIdLength;
  private int pageFrom;
  private int pageLength;

  VisitCursor(VisitPacket packet, byte[] bytes, int visitsFrom, int visitsTo) {
    this.packet = packet;
    this.bytes = bytes;
    this.visitsTo = visitsTo;
    this.at = visitsFrom;
  }

  /** Moves to the next visit; false behind the last. */
  public boolean next() {
    if (at == visitsTo) {
      return false;
    }
    eventTimeMillis += readSigned();
    offset += readSigned();
    timestampMillis += readSigned();
    visitIdLength = (int) readNumber();
    fieldsLength = 0;
    if (visitIdLength == VisitPacket.FIELDS) {
      readFields();
    }
    visitIdFrom = at;
    at += visitIdLength;
    userIdLength = (int) readNumber() - 1;
    userIdFrom = at;
    at += Math.max(0, userIdLength);
    pageLength = (int) readNumber() - 1;
    pageFrom = at;
    at += Math.max(0, pageLength);
    return true;
  }

  /** Reads the projected fields, and the length of the visit id behind them. */
  private void readFields() {
    fieldsLength = (int) readNumber();
    fieldsFrom = at;
    at += fieldsLength;
    visitIdLength = (int) readNumber();
  }

  /** Returns the array that the texts and the fields are slices of; to be read only. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns where the {@link ProjectedFields} start. */
  public int fieldsFrom() {
    return fieldsFrom;
  }

  /** Returns the length of the {@link ProjectedFields}, bytes; 0 if there are none. */
  public int fieldsLength() {
    return fieldsLength;
  }

  /** Returns where the visit id starts. */
  public int visitIdFrom() {
    return visitIdFrom;
  }

  /** Returns the length of the visit id, bytes. */
  public int visitIdLength() {
    return visitIdLength;
  }

  /** Returns where the user id starts. */
  public int userIdFrom() {
    return userIdFrom;
  }

  /** Returns the length of the user id, bytes; -1 if there is none. */
  public int userIdLength() {
    return userIdLength;
  }

  /** Returns where the page starts. */
  public int pageFrom() {
    return pageFrom;
  }

  /** Returns the length of the page, bytes; -1 if there is none. */
  public int pageLength() {
    return pageLength;
  }

  /**
   * Returns the part of the visit id if each shard is divided by a hash of the visit ids.
   *
   * @param parts how many there are, at least one
   */
  public int part(int parts) {
    return parts == 1 ? 0 : VisitPacket.partOf(bytes, visitIdFrom, visitIdLength, parts);
  }

  /** Returns when the page was viewed, epoch milliseconds. */
  public long eventTimeMillis() {
    return eventTimeMillis;
  }

  /** Returns the offset of the record. */
  public long offset() {
    return offset;
  }

  /** Returns the record's own Kafka timestamp, epoch milliseconds. */
  public long timestampMillis() {
    return timestampMillis;
  }

  /** Returns the visit as one of a session. */
  public VisitedPage visitedPage() {
    return new VisitedPage(
        eventTimeMillis,
        text(pageFrom, pageLength),
        text(userIdFrom, userIdLength),
        ProjectedFields.of(bytes, fieldsFrom, fieldsLength));
  }

  /** Returns the visit as an object. */
  public LocatedVisit located() {
    return new LocatedVisit(
        Visit.of(new String(bytes, visitIdFrom, visitIdLength, UTF_8), visitedPage()),
        new Provenance(
            new SourcePosition(packet.topic(), packet.partition(), offset),
            timestampMillis,
            packet.resumedAtMillis()));
  }

  private @Nullable String text(int from, int length) {
    return length < 0 ? null : new String(bytes, from, length, UTF_8);
  }

  private long readNumber() {
    long number = bytes[at++];
    if (number >= 0) {
      return number;
    }
    number &= 0x7F;
    for (int shift = 7; ; shift += 7) {
      byte next = bytes[at++];
      number |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return number;
      }
    }
  }

  private long readSigned() {
    long number = readNumber();
    return (number >>> 1) ^ -(number & 1);
  }
}
