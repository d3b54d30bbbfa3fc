package io.sessionizer.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.TopicPartitions;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.Reason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionRow;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.CutSessions;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.visits.LateVisitParser;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.RecordHead;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.time.ZoneOffset;
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
 * The records on a job's topics, or in its files, that are about one visit id. Dead letters are
 * added before visits: they say which visits did not advance the watermark, since their event time
 * was in the future.
 */
final class Evidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_SIMILAR = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);

  private final String visitId;
  private final byte[] visitIdBytes;
  private final byte[] quotedBytes;
  private final String visitIdOfSession;
  private final Parsers parsers;

  private final LateVisitParser lateVisits;
  private final WatermarkEstimate watermarks;
  private final long now;

  private final List<Findings.VisitFinding> visits = new ArrayList<>();
  private final SortedMap<SourcePosition, Findings.RejectionFinding> rejections = new TreeMap<>();
  private final List<Findings.SessionFinding> sessions = new ArrayList<>();
  private final SortedMap<SourcePosition, Findings.LateFinding> late = new TreeMap<>();
  private final Set<SourcePosition> futureVisits = new HashSet<>();
  private final Set<TopicPartition> partitions = new HashSet<>();
  private final Map<TopicPartition, Long> committed = new HashMap<>();
  private final TreeSet<String> similarVisitIds = new TreeSet<>();

  /** Where the records are that were found in files. */
  private final Map<SourcePosition, String> places = new HashMap<>();

  /** The sessions of lines, which say neither their ids nor why they ended. */
  private final List<SessionLine> lines = new ArrayList<>();

  private final Map<VisitedPage, Integer> carriedOver = new HashMap<>();
  private @Nullable Long seamMillis;
  private long records;

  /** How records are parsed. */
  interface Parsers {
    /** Returns how the record at a position is parsed. */
    VisitParser of(SourcePosition source);
  }

  /** A session of a line of a file. */
  private record SessionLine(
      SourcePosition position, Session session, @Nullable String attributes) {}

  /**
   * Creates one without records.
   *
   * @param watermarks that has read no record yet
   * @param now the wall clock, epoch milliseconds
   */
  Evidence(
      String visitId,
      Parsers parsers,
      LateVisitParser lateVisits,
      WatermarkEstimate watermarks,
      long now) {
    this.visitId = visitId;
    this.visitIdBytes = visitId.getBytes(UTF_8);
    this.quotedBytes = quoted().getBytes(UTF_8);
    this.visitIdOfSession = new String(SessionId.visitIdBytes(visitIdBytes), UTF_8);
    this.parsers = parsers;
    this.lateVisits = lateVisits;
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

  /** The watermark that each partition of visits has at its end, if it has a visit. */
  SortedMap<TopicPartition, Long> watermarks() {
    SortedMap<TopicPartition, Long> found = new TreeMap<>(TopicPartitions.ORDER);
    for (TopicPartition partition : partitions) {
      watermarks.of(partition).ifPresent(time -> found.put(partition, time));
    }
    return found;
  }

  /** Whether the job has committed an offset behind a record of the visits topic, if it has any. */
  boolean isRead(SourcePosition position) {
    TopicPartition partition = new TopicPartition(position.topic(), position.partition());
    return committed.getOrDefault(partition, Long.MAX_VALUE) > position.offset();
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

  /** Formats where a record is that was found. */
  String place(SourcePosition position) {
    return places.getOrDefault(position, position.toString());
  }

  /** The event time where files end and a topic continues. */
  void seam(long millis) {
    seamMillis = millis;
  }

  /** Whether another job has a visit: in files those from the seam on, on a topic those before. */
  boolean isOverlap(Findings.VisitFinding visit) {
    return seamMillis != null && visit.position().isInFile() == (visit.time() >= seamMillis);
  }

  /** The visits that are carried over to the job that continues. */
  Map<VisitedPage, Integer> carriedOver() {
    return carriedOver;
  }

  /** The group that reads the visits has committed {@code offset}. */
  void committed(TopicPartition partition, long offset) {
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
    session(position, RecordMapping.contents(record));
  }

  private void session(SourcePosition position, TopicRecord record) throws IOException {
    try {
      SessionRecord read = SessionRecord.read(record);
      sessions.add(
          new Findings.SessionFinding(position, read, pages(read), attributes(record.value())));
    } catch (MalformedRecordException e) {
      throw new IOException(place(position) + " is not a session: " + e.getMessage(), e);
    }
  }

  /** Adds a row of a file of sessions. */
  void session(SourcePosition position, FilePlace.PlaceText place, SessionRow row)
      throws IOException {
    records++;
    if (SessionId.isOf(visitIdBytes, row.sessionId().getBytes(UTF_8))
        || row.visitId().equals(visitId)) {
      places.put(position, place.get());
      session(position, row.toRecord(new SessionJson(ZoneOffset.UTC)));
    }
  }

  /**
   * Adds a line of a file of sessions.
   *
   * @throws IOException if it has the visit id, and is not a session
   */
  void session(SourcePosition position, FilePlace.PlaceText place, byte[] line) throws IOException {
    records++;
    if (!contains(line, quotedBytes)) {
      return;
    }
    try {
      Session session = SessionJson.read(line, 0);
      if (session.visitId().equals(visitId)) {
        places.put(position, place.get());
        lines.add(new SessionLine(position, session, attributes(line)));
      }
    } catch (MalformedRecordException e) {
      throw new IOException(place.get() + " is not a session: " + e.getMessage(), e);
    }
  }

  /** Whether bytes are in others. */
  private static boolean contains(byte[] bytes, byte[] part) {
    for (int at = 0; at <= bytes.length - part.length; at++) {
      if (bytes[at] == part[0]
          && Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds the sessions of lines: those that start in one millisecond are numbered in the order of
   * their visits, and why one ended is what the visits and the settings say.
   */
  void finish(SessionPolicy policy) {
    if (lines.isEmpty()) {
      return;
    }
    List<VisitedPage> pages =
        visits.stream()
            .filter(visit -> !isOverlap(visit))
            .map(Findings.VisitFinding::visit)
            .sorted()
            .toList();
    List<Upsert> cut = pages.isEmpty() ? List.of() : CutSessions.of(visitId, pages, policy);
    lines.sort(
        Comparator.comparingLong((SessionLine line) -> line.session().startMillis())
            .thenComparing(line -> line.session().pages().get(0)));
    SessionLine before = null;
    int ordinal = 0;
    for (SessionLine line : lines) {
      boolean startsTogether =
          before != null && before.session().startMillis() == line.session().startMillis();
      ordinal = startsTogether ? ordinal + 1 : 0;
      before = line;
      Session session = new Session(visitId, line.session().pages(), ordinal);
      Upsert upsert = new Upsert(session, 1, Timing.ON_TIME, endReason(session, cut));
      sessions.add(
          new Findings.SessionFinding(line.position(), upsert, pages(upsert), line.attributes()));
    }
    lines.clear();
  }

  private static EndReason endReason(Session session, List<Upsert> cut) {
    return cut.stream()
        .filter(
            one ->
                one.sessionId().equals(session.id())
                    && one.endMillis() == session.endMillis()
                    && one.session().pages().size() == session.pages().size())
        .map(Upsert::endReason)
        .findFirst()
        .orElse(EndReason.INACTIVITY);
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
    try {
      LateVisitRecord lateVisit = LateVisitRecord.read(RecordMapping.contents(record));
      if (lateVisits.parse(lateVisit) instanceof Visit visit && visit.visitId().equals(visitId)) {
        SourcePosition source = lateVisit.source();
        late.put(
            source,
            new Findings.LateFinding(
                RecordMapping.position(record),
                source,
                visit.visitedPage(),
                lateVisit.lateByMillis()));
      }
    } catch (MalformedRecordException e) {
      LOG.debug("{} is not a late visit: {}", RecordMapping.position(record), e.getMessage());
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

  /** Adds a dead letter in a file, unless no job wrote it. */
  void deadLetter(SourcePosition position, FilePlace.PlaceText place, TopicRecord record) {
    records++;
    try {
      DeadLetterRecord letter = DeadLetterRecord.read(record);
      deadLetter(letter, position);
      if (rejections.containsKey(letter.source())) {
        places.put(position, place.get());
      }
    } catch (MalformedRecordException e) {
      LOG.debug("{} is not a dead letter: {}", place.get(), e.getMessage());
    }
  }

  private void deadLetter(DeadLetterRecord letter, SourcePosition position) {
    SourcePosition source = letter.source();
    if (letter.reason() == Reason.FUTURE_EVENT_TIME) {
      futureVisits.add(source);
    }
    byte[] key = letter.key().bytes();
    RecordHead head =
        RecordHead.of(new TopicRecord(key, null, letter.headers()), letter.timestampMillis());
    String knownBy = knownBy(source, key, letter.value().bytes(), head);
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
    ParsedRecord parsed = visit(position, record.value(), head, watermarks.of(partition));
    if (parsed instanceof Visit visit && !futureVisits.contains(position)) {
      watermarks.visitRead(record, visit.eventTimeMillis(), now);
    }
  }

  /** Adds a line of a file of visits. */
  void visit(SourcePosition position, FilePlace.PlaceText place, byte[] line) {
    records++;
    int before = visits.size();
    RecordHead head = RecordHead.of(new TopicRecord(null, line, List.of()), -1);
    visit(position, line, head, OptionalLong.empty());
    if (visits.size() > before || rejections.containsKey(position)) {
      places.put(position, place.get());
    }
  }

  /** Adds a line of a file of visits that are carried over. */
  void carriedOver(SourcePosition position, FilePlace.PlaceText place, byte[] line)
      throws IOException {
    records++;
    if (!(parsers.of(position).parse(line) instanceof Visit visit)) {
      throw new IOException(place.get() + " is not a visit");
    }
    if (visit.visitId().equals(visitId)) {
      carriedOver.merge(visit.visitedPage(), 1, Integer::sum);
    }
  }

  private ParsedRecord visit(
      SourcePosition position, byte @Nullable [] value, RecordHead head, OptionalLong watermark) {
    ParsedRecord parsed = parsers.of(position).parse(value, head);
    if (parsed instanceof Rejection rejection) {
      String knownBy = knownBy(position, head.key(), value, head);
      if (knownBy != null) {
        rejections.putIfAbsent(
            position,
            new Findings.RejectionFinding(
                position, rejection.reason(), rejection.message(), knownBy, null));
      }
    } else if (parsed instanceof Visit visit && !futureVisits.contains(position)) {
      if (visit.visitId().equals(visitId)) {
        visits.add(new Findings.VisitFinding(position, visit.visitedPage(), watermark));
      } else if (similarVisitIds.size() < MAX_SIMILAR && isSimilar(visit)) {
        similarVisitIds.add(visit.visitId());
      }
    }
    return parsed;
  }

  /** Whether the id may be part of a visit id, a session id or a user id. */
  private boolean isSimilar(Visit visit) {
    return visit.visitId().contains(visitId)
        || visit.visitId().equals(visitIdOfSession)
        || visitId.equals(visit.userId());
  }

  /** What shows that a rejected record is of the visit id; null if nothing does. */
  private @Nullable String knownBy(
      SourcePosition source, byte @Nullable [] key, byte @Nullable [] value, RecordHead head) {
    VisitParser parser = parsers.of(source);
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
