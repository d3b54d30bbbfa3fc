package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.TopicRecord.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record of the topic of late visits: key the visit id, value the visit's JSON, which can be
 * produced to the visits topic as it is.
 *
 * @param visitId the visit id
 * @param visit the visit as UTF-8 JSON
 * @param lateByMillis how far it was behind the watermark, in milliseconds
 * @param source where it was read
 */
public record LateVisitRecord(
    String visitId, byte[] visit, long lateByMillis, SourcePosition source) {

  /** Returns the record as bytes. */
  public TopicRecord write() {
    List<Header> headers = new ArrayList<>(4);
    headers.add(Header.of(RecordHeaders.LATE_BY_MS, lateByMillis));
    source.addTo(headers);
    return new TopicRecord(visitId.getBytes(UTF_8), visit, headers);
  }

  /**
   * Reads a record. Its value is not parsed.
   *
   * @throws MalformedRecordException if it has no value, or lacks a header
   */
  public static LateVisitRecord read(TopicRecord record) throws MalformedRecordException {
    byte[] visit = record.value();
    if (visit == null) {
      throw new MalformedRecordException("it has no value");
    }
    return new LateVisitRecord(
        record.keyText(),
        visit,
        record.longHeader(RecordHeaders.LATE_BY_MS),
        SourcePosition.read(record));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LateVisitRecord that
        && visitId.equals(that.visitId)
        && Arrays.equals(visit, that.visit)
        && lateByMillis == that.lateByMillis
        && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return Objects.hash(visitId, Arrays.hashCode(visit), lateByMillis, source);
  }
}
