package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.TopicRecord.Header;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record of the topic of late visits, which can be produced to the visits topic as it is. It is
 * the visit's JSON with the visit id as its key; of visits in another format than the default it is
 * the record as it was, with more headers behind its own.
 *
 * @param visit its key and value, and the headers of the record as it was
 * @param timestampMillis the Kafka timestamp of the record as it was, epoch milliseconds; null if
 *     it is the visit's JSON
 * @param lateByMillis how far it was behind the watermark, in milliseconds
 * @param source where it was read
 */
public record LateVisitRecord(
    TopicRecord visit, @Nullable Long timestampMillis, long lateByMillis, SourcePosition source) {

  /** Drops headers that a job adds. */
  public LateVisitRecord {
    visit = new TopicRecord(visit.key(), visit.value(), RecordHeaders.ofOriginal(visit.headers()));
  }

  /**
   * The record of a visit's JSON.
   *
   * @param json in UTF-8
   */
  public LateVisitRecord(String visitId, byte[] json, long lateByMillis, SourcePosition source) {
    this(new TopicRecord(visitId.getBytes(UTF_8), json, List.of()), null, lateByMillis, source);
  }

  /** Returns the record as bytes. */
  public TopicRecord write() {
    List<Header> headers = new ArrayList<>(visit.headers());
    headers.add(Header.of(RecordHeaders.LATE_BY_MS, lateByMillis));
    source.addTo(headers);
    if (timestampMillis != null) {
      headers.add(Header.of(RecordHeaders.SOURCE_TIMESTAMP, timestampMillis));
    }
    return new TopicRecord(visit.key(), visit.value(), headers);
  }

  /**
   * Reads a record. Its value is not parsed.
   *
   * @throws MalformedRecordException if it has no value, or lacks a header
   */
  public static LateVisitRecord read(TopicRecord record) throws MalformedRecordException {
    if (record.value() == null) {
      throw new MalformedRecordException("it has no value");
    }
    boolean isOriginal = record.optionalHeader(RecordHeaders.SOURCE_TIMESTAMP) != null;
    return new LateVisitRecord(
        record,
        isOriginal ? record.longHeader(RecordHeaders.SOURCE_TIMESTAMP) : null,
        record.longHeader(RecordHeaders.LATE_BY_MS),
        SourcePosition.read(record));
  }
}
