package io.sessionizer.records;

import io.sessionizer.records.TopicRecord.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record of the topic of dead letters, or of a file of them: headers, key and value of a rejected
 * record, cut to what the topic accepts, and why it was rejected.
 *
 * @param source where it was read
 * @param timestampMillis the rejected record's own Kafka timestamp, epoch milliseconds
 * @param reason why it was rejected
 * @param message the same for people, with the offending value
 * @param key its key
 * @param value its value
 * @param headers its headers; in the default format none
 * @param leftOutBytes how many bytes the headers had that were left out; 0 if none were
 */
public record DeadLetterRecord(
    SourcePosition source,
    long timestampMillis,
    Reason reason,
    String message,
    Payload key,
    Payload value,
    List<Header> headers,
    long leftOutBytes) {

  /**
   * A key or a value, or its beginning.
   *
   * @param bytes the first bytes, or null
   * @param originalLength how long it was before it was cut; 0 if it is null
   */
  public record Payload(byte @Nullable [] bytes, int originalLength) {

    /** Returns {@code bytes}, cut to {@code room} bytes. */
    static Payload cut(byte @Nullable [] bytes, int room) {
      if (bytes == null) {
        return new Payload(null, 0);
      }
      return new Payload(bytes.length <= room ? bytes : Arrays.copyOf(bytes, room), bytes.length);
    }

    private static Payload read(byte @Nullable [] bytes, String header, TopicRecord record)
        throws MalformedRecordException {
      boolean isCut = record.optionalHeader(header) != null;
      return isCut ? new Payload(bytes, record.intHeader(header)) : cut(bytes, Integer.MAX_VALUE);
    }

    /** Returns how many bytes are left. */
    int length() {
      return bytes == null ? 0 : bytes.length;
    }

    private void addTo(List<Header> headers, String header) {
      if (originalLength > length()) {
        headers.add(Header.of(header, originalLength));
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Payload that
          && Arrays.equals(bytes, that.bytes)
          && originalLength == that.originalLength;
    }

    @Override
    public int hashCode() {
      return Objects.hash(Arrays.hashCode(bytes), originalLength);
    }
  }

  /**
   * Returns the record about {@code letter}.
   *
   * @param room the most bytes of key, value and headers together; the headers are left out first,
   *     then the value is cut, then the key
   */
  public static DeadLetterRecord of(DeadLetter letter, int room) {
    List<Header> headers = RecordHeaders.ofOriginal(letter.headers());
    boolean hasRoom = new TopicRecord(letter.key(), letter.value(), headers).size() <= room;
    Payload key = Payload.cut(letter.key(), room);
    return new DeadLetterRecord(
        letter.provenance().position(),
        letter.provenance().timestampMillis(),
        letter.reason(),
        letter.message(),
        key,
        Payload.cut(letter.value(), room - key.length()),
        hasRoom ? headers : List.of(),
        hasRoom ? 0 : TopicRecord.size(headers));
  }

  /** Returns the record as bytes. */
  public TopicRecord write() {
    List<Header> all = new ArrayList<>(headers);
    all.add(Header.of(RecordHeaders.ERROR_REASON, reason));
    all.add(Header.of(RecordHeaders.ERROR_MESSAGE, message));
    source.addTo(all);
    if (!source.isInFile()) {
      all.add(Header.of(RecordHeaders.SOURCE_TIMESTAMP, timestampMillis));
    }
    key.addTo(all, RecordHeaders.ORIGINAL_KEY_BYTES);
    value.addTo(all, RecordHeaders.ORIGINAL_BYTES);
    if (leftOutBytes > 0) {
      all.add(Header.of(RecordHeaders.ORIGINAL_HEADERS_BYTES, leftOutBytes));
    }
    return new TopicRecord(key.bytes(), value.bytes(), all);
  }

  /**
   * Reads a record.
   *
   * @throws MalformedRecordException if it lacks a header
   */
  public static DeadLetterRecord read(TopicRecord record) throws MalformedRecordException {
    Reason reason = reason(record.header(RecordHeaders.ERROR_REASON));
    SourcePosition source = SourcePosition.read(record);
    return new DeadLetterRecord(
        source,
        source.isInFile()
            ? Provenance.NO_TIMESTAMP
            : record.longHeader(RecordHeaders.SOURCE_TIMESTAMP),
        reason,
        record.header(RecordHeaders.ERROR_MESSAGE),
        Payload.read(record.key(), RecordHeaders.ORIGINAL_KEY_BYTES, record),
        Payload.read(record.value(), RecordHeaders.ORIGINAL_BYTES, record),
        RecordHeaders.ofOriginal(record.headers()),
        record.optionalHeader(RecordHeaders.ORIGINAL_HEADERS_BYTES) == null
            ? 0
            : record.longHeader(RecordHeaders.ORIGINAL_HEADERS_BYTES));
  }

  private static Reason reason(String name) throws MalformedRecordException {
    try {
      return Reason.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new MalformedRecordException("there is no reason " + name);
    }
  }
}
