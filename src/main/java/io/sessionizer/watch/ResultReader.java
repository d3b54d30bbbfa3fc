package io.sessionizer.watch;

import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a job has written: sessions, late visits and dead letters. */
final class ResultReader {
  private static final Logger LOG = LoggerFactory.getLogger(ResultReader.class);

  private final TopicNames topics;

  ResultReader(TopicNames topics) {
    this.topics = topics;
  }

  /** Reads a record of one of the three topics; one that the job did not write is passed over. */
  void read(ConsumerRecord<byte[], byte[]> record, ResultListener results) {
    Map<String, String> headers = headers(record);
    SourcePosition place = RecordMapping.position(record);
    try {
      if (record.topic().equals(topics.sessions())) {
        results.session(
            SessionRecord.read(text(record.key()), headers, record.value(), place),
            record.timestamp());
      } else if (record.topic().equals(topics.lateVisits())) {
        Visit visit = VisitJson.parse(record.value() == null ? new byte[0] : record.value());
        results.tooLate(visit, number(headers.get("late_by_ms")), source(headers), place);
      } else {
        results.dead(headers.getOrDefault("error.reason", "no reason"), source(headers), place);
      }
    } catch (IOException | RejectedVisitException e) {
      LOG.warn("{} is not a job's record: {}", place, e.getMessage());
    }
  }

  private static SourcePosition source(Map<String, String> headers) {
    return new SourcePosition(
        headers.getOrDefault("source.topic", ""),
        (int) number(headers.get("source.partition")),
        number(headers.get("source.offset")));
  }

  private static long number(@Nullable String text) {
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), text(header.value()));
    }
    return headers;
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
