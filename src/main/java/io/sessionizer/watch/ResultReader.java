package io.sessionizer.watch;

import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.VisitJson;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the records that a job has written: sessions, late visits and dead letters. */
final class ResultReader {
  private static final Logger LOG = LoggerFactory.getLogger(ResultReader.class);

  private final TopicNames topics;

  ResultReader(TopicNames topics) {
    this.topics = topics;
  }

  /** Reads a record of one of the three topics; one that no job wrote is skipped. */
  void read(ConsumerRecord<byte[], byte[]> record, ResultListener results) {
    SourcePosition position = RecordMapping.position(record);
    TopicRecord contents = RecordMapping.contents(record);
    try {
      if (record.topic().equals(topics.sessions())) {
        SessionRecord change = SessionRecord.read(contents);
        results.session(SessionRevision.of(change, contents.value(), position), record.timestamp());
      } else if (record.topic().equals(topics.lateVisits())) {
        LateVisitRecord late = LateVisitRecord.read(contents);
        results.tooLate(
            VisitJson.parse(late.visit()), late.lateByMillis(), late.source(), position);
      } else {
        DeadLetterRecord letter = DeadLetterRecord.read(contents);
        results.deadLetter(letter.reason(), letter.source(), position);
      }
    } catch (MalformedRecordException | RejectedVisitException e) {
      LOG.warn("{} is not a job's record: {}", position, e.getMessage());
    }
  }
}
