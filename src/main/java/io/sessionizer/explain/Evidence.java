package io.sessionizer.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.Reason;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.RecordHead;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records on a job's topics that are about one visit id. Dead letters are added before visits:
 * they say which visits did not advance the watermark, since their event time was in the future.
 */
final class Evidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_SIMILAR = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);

  private final String visitId;
  private final byte[] visitIdBytes;
  private final String visitIdOfSession;
  private final VisitParser parser;

  /** Late visits are written in the default format, whatever that of the visits is. */
  private final VisitParser lateVisits = ParserSettings.DEFAULT.parser();

  private final WatermarkEstimate watermarks;
  private final long now;

  private final List<Findings.VisitFinding> visits = new ArrayList<>();
  private final SortedMap<SourcePosition, Findings.RejectionFinding> rejections = new TreeMap<>();
  private final List<Findings.SessionFinding> sessions = new ArrayList<>();
  private final SortedMap<SourcePosition, Findings.LateFinding> late = new TreeMap<>();
  private final Set<SourcePosition> futureVisits = new HashSet<>();
  private final Set<TopicPartition> partitions = new HashSet<>();
  private final Map<Integer, Long> committed = new HashMap<>();
  private final TreeSet<String> similarVisitIds = new TreeSet<>();
  private long records;

  /**
   * Creates one without records.
   *
   * @param watermarks that has read no record yet
   * @param now the wall clock, epoch milliseconds
   */
  Evidence(String visitId, VisitParser parser, WatermarkEstimate watermarks, long now) {
    this.visitId = visitId;
    this.visitIdBytes = visitId.getBytes(UTF_8);
    this.visitIdOfSession = new String(SessionId.visitIdBytes(visitIdBytes), UTF_8);
    this.parser = parser;
    this.watermarks = watermarks;
    this.now = now;
  }

  String visitId() {
    return visitId;
  }

  /** Visits, in the order of their event times. */
  List<Findings.VisitFinding> visits() {
    return visits.stream()
        .sorted(
            Comparator.comparing(Findings.VisitFinding::visit)
                .thenComparing(Findings.VisitFinding::position))
        .toList();
  }

  /** Rejected records, by where they were read. */
  SortedMap<SourcePosition, Findings.RejectionFinding> rejections() {
    return rejections;
  }

  /** Records of the sessions topic, as they were written. */
  List<Findings.SessionFinding> sessions() {
    return sessions;
  }

  /** Visits that were too late, by where they were read. */
  SortedMap<SourcePosition, Findings.LateFinding> late() {
    return late;
  }

  /** The watermark that each partition of the visits topic has at its end, if it has a visit. */
  SortedMap<Integer, Long> watermarks() {
    SortedMap<Integer, Long> found = new TreeMap<>();
    for (TopicPartition partition : partitions) {
      watermarks.of(partition).ifPresent(time -> found.put(partition.partition(), time));
    }
    return found;
  }

  /** Whether the job has committed an offset behind a record of the visits topic, if it has any. */
  boolean isRead(SourcePosition position) {
    return committed.getOrDefault(position.partition(), Long.MAX_VALUE) > position.offset();
  }

  /** Other visit ids that may be meant. */
  Set<String> similarVisitIds() {
    return similarVisitIds;
  }

  /** How many records were read. */
  long records() {
    return records;
  }

  /** Whether nothing was found. */
  boolean isEmpty() {
    return visits.isEmpty() && rejections.isEmpty() && sessions.isEmpty() && late.isEmpty();
  }

  /** The group that reads the visits has committed {@code offset}. */
  void committed(int partition, long offset) {
    committed.put(partition, offset);
  }

  /**
   * Adds a record of the sessions topic.
   *
   * @throws IOException if it has a session id of the visit id as its key, and is not a session
   */
  void session(ConsumerRecord<byte[], byte[]> record) throws IOException {
    records++;
    byte[] key = record.key();
    if (key == null || !SessionId.isOf(visitIdBytes, key)) {
      return;
    }
    SourcePosition position = RecordMapping.position(record);
    try {
      SessionRecord read = SessionRecord.read(RecordMapping.contents(record));
      sessions.add(
          new Findings.SessionFinding(position, read, pages(read), attributes(record.value())));
    } catch (MalformedRecordException e) {
      throw new IOException(position + " is not a session: " + e.getMessage(), e);
    }
  }

  private static @Nullable String attributes(byte @Nullable [] value) {
    byte[] attributes = value == null ? null : SessionJson.attributesOf(value);
    return attributes == null ? null : new String(attributes, UTF_8);
  }

  /** Without the user, which is not in the JSON of a page, so that a correction is not a change. */
  private static List<VisitedPage> pages(SessionRecord record) {
    return record instanceof Upsert upsert
        ? upsert.session().pages().stream()
            .map(page -> new VisitedPage(page.eventTimeMillis(), page.page(), null))
            .toList()
        : List.of();
  }

  /** Adds a record of the late visits' topic, unless no job wrote it. */
  void lateVisit(ConsumerRecord<byte[], byte[]> record) {
    records++;
    if (lateVisits.parse(record.value()) instanceof Visit visit
        && visit.visitId().equals(visitId)) {
      try {
        LateVisitRecord lateVisit = LateVisitRecord.read(RecordMapping.contents(record));
        SourcePosition source = lateVisit.source();
        late.put(
            source,
            new Findings.LateFinding(
                RecordMapping.position(record),
                source,
                visit.visitedPage(),
                lateVisit.lateByMillis()));
      } catch (MalformedRecordException e) {
        LOG.debug("{} is not a late visit: {}", RecordMapping.position(record), e.getMessage());
      }
    }
  }

  /** Adds a dead letter, unless no job wrote it. */
  void deadLetter(ConsumerRecord<byte[], byte[]> record) {
    records++;
    try {
      deadLetter(
          DeadLetterRecord.read(RecordMapping.contents(record)), RecordMapping.position(record));
    } catch (MalformedRecordException e) {
      LOG.debug("{} is not a dead letter: {}", RecordMapping.position(record), e.getMessage());
    }
  }

  private void deadLetter(DeadLetterRecord letter, SourcePosition position) {
    SourcePosition source = letter.source();
    if (letter.reason() == Reason.FUTURE_EVENT_TIME) {
      futureVisits.add(source);
    }
    byte[] key = letter.key().bytes();
    RecordHead head = RecordHead.of(new TopicRecord(key, null, List.of()), -1);
    String knownBy = knownBy(key, letter.value().bytes(), head);
    if (knownBy != null) {
      rejections.put(
          source,
          new Findings.RejectionFinding(
              source, letter.reason(), letter.message(), knownBy, position));
    }
  }

  /** Adds a record of the visits topic; those of a partition are added in their order. */
  void visit(ConsumerRecord<byte[], byte[]> record) {
    records++;
    SourcePosition position = RecordMapping.position(record);
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    partitions.add(partition);
    watermarks.recordRead(record, now);
    RecordHead head = RecordMapping.head(record);
    ParsedRecord parsed = parser.parse(record.value(), head);
    if (parsed instanceof Rejection rejection) {
      String knownBy = knownBy(record.key(), record.value(), head);
      if (knownBy != null) {
        rejections.putIfAbsent(
            position,
            new Findings.RejectionFinding(
                position, rejection.reason(), rejection.message(), knownBy, null));
      }
    } else if (parsed instanceof Visit visit && !futureVisits.contains(position)) {
      OptionalLong watermark = watermarks.of(partition);
      watermarks.visitRead(record, visit.eventTimeMillis(), now);
      if (visit.visitId().equals(visitId)) {
        visits.add(new Findings.VisitFinding(position, visit.visitedPage(), watermark));
      } else if (similarVisitIds.size() < MAX_SIMILAR && isSimilar(visit)) {
        similarVisitIds.add(visit.visitId());
      }
    }
  }

  /** Whether the id may be part of a visit id, a session id or a user id. */
  private boolean isSimilar(Visit visit) {
    return visit.visitId().contains(visitId)
        || visit.visitId().equals(visitIdOfSession)
        || visitId.equals(visit.userId());
  }

  /** What shows that a rejected record is of the visit id; null if nothing does. */
  private @Nullable String knownBy(
      byte @Nullable [] key, byte @Nullable [] value, RecordHead head) {
    if (value != null && visitId.equals(parser.visitId(value, head))) {
      return "its " + parser.visitIdField();
    }
    if (Arrays.equals(key, visitIdBytes)) {
      return "its key";
    }
    if (value != null && new String(value, UTF_8).contains(quoted())) {
      return "the text " + quoted() + " in it";
    }
    return null;
  }

  private String quoted() {
    try {
      return JSON.writeValueAsString(visitId);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text is always JSON", e);
    }
  }
}
