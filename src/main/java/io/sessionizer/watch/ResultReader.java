package io.sessionizer.watch;

import io.sessionizer.config.Settings;
import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.visits.LateVisitParser;
import io.sessionizer.visits.Visit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the records that a job has written: sessions, late visits and dead letters. */
final class ResultReader {
  private static final Logger LOG = LoggerFactory.getLogger(ResultReader.class);

  private final TopicNames topics;
  private final LateVisitParser lateVisits;

  ResultReader(Settings settings) {
    this.topics = settings.topics();
    this.lateVisits = ParserSettings.of(settings).lateVisitParser();
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
        if (lateVisits.parse(late) instanceof Visit visit) {
          results.tooLate(visit, late.lateByMillis(), late.source(), position);
        } else {
          LOG.warn("{} is not a visit in the format of the flags", position);
        }
      } else {
        DeadLetterRecord letter = DeadLetterRecord.read(contents);
        results.deadLetter(letter.reason(), letter.source(), position);
      }
    } catch (MalformedRecordException e) {
      LOG.warn("{} is not a job's record: {}", position, e.getMessage());
    }
  }
}
