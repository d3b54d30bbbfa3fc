package io.sessionizer.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.Reason;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitFormat;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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
 * Collects what the topics hold of one visit id, record by record. The dead letters come before the
 * visits: they say which visits moved no watermark, because they were of the future then.
 */
final class Evidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LIKE_IT = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);

  private final String visitId;
  private final byte[] visitIdBytes;
  private final VisitParser parser;
  private final WatermarkEstimate watermarks;
  private final long now;

  private final List<Findings.VisitFinding> visits = new ArrayList<>();
  private final SortedMap<SourcePosition, Findings.RejectionFinding> noVisits = new TreeMap<>();
  private final List<Findings.SessionFinding> sessions = new ArrayList<>();
  private final SortedMap<SourcePosition, Findings.LateFinding> late = new TreeMap<>();
  private final Set<SourcePosition> ofTheFuture = new HashSet<>();
  private final Set<TopicPartition> partitions = new HashSet<>();
  private final Map<Integer, Long> committed = new HashMap<>();
  private final TreeSet<String> likeIt = new TreeSet<>();
  private long records;

  /**
   * Begins to collect.
   *
   * @param watermarks has read nothing yet
   * @param now the wall clock, epoch milliseconds
   */
  Evidence(String visitId, VisitParser parser, WatermarkEstimate watermarks, long now) {
    this.visitId = visitId;
    this.visitIdBytes = visitId.getBytes(UTF_8);
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
            java.util.Comparator.comparing(Findings.VisitFinding::page)
                .thenComparing(Findings.VisitFinding::place))
        .toList();
  }

  /** Records that are no visits, by where they were read. */
  SortedMap<SourcePosition, Findings.RejectionFinding> noVisits() {
    return noVisits;
  }

  /** Records of the sessions topic, as they were written. */
  List<Findings.SessionFinding> sessions() {
    return sessions;
  }

  /** Visits that came too late, by where they were read. */
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
  boolean isRead(SourcePosition place) {
    return committed.getOrDefault(place.partition(), Long.MAX_VALUE) > place.offset();
  }

  /** Some other visit ids that may be meant. */
  Set<String> likeIt() {
    return likeIt;
  }

  /** How many records were looked at. */
  long records() {
    return records;
  }

  /** Whether nothing was found. */
  boolean isEmpty() {
    return visits.isEmpty() && noVisits.isEmpty() && sessions.isEmpty() && late.isEmpty();
  }

  /** The group that reads the visits has committed {@code offset}. */
  void committed(int partition, long offset) {
    committed.put(partition, offset);
  }

  /**
   * Takes a record of the sessions topic.
   *
   * @throws IOException if it has the key of a session of the visit id, and is none
   */
  void session(ConsumerRecord<byte[], byte[]> record) throws IOException {
    records++;
    byte[] key = record.key();
    if (key == null || !SessionId.isOf(visitIdBytes, key)) {
      return;
    }
    SourcePosition place = RecordMapping.position(record);
    try {
      SessionRecord change = SessionRecord.read(RecordMapping.contents(record));
      sessions.add(new Findings.SessionFinding(place, change, pages(change)));
    } catch (MalformedRecordException e) {
      throw new IOException(place + " is not a session: " + e.getMessage(), e);
    }
  }

  /** Without the user, which is not in the JSON of a page, so that a correction is not a change. */
  private static List<VisitedPage> pages(SessionRecord change) {
    return change instanceof Upsert upsert
        ? upsert.session().pages().stream()
            .map(page -> new VisitedPage(page.eventTimeMillis(), page.page(), null))
            .toList()
        : List.of();
  }

  /** Takes a record of the late visits' topic, unless no job wrote it. */
  void lateVisit(ConsumerRecord<byte[], byte[]> record) {
    records++;
    if (parser.parse(record.value()) instanceof Visit visit && visit.visitId().equals(visitId)) {
      try {
        LateVisitRecord lateVisit = LateVisitRecord.read(RecordMapping.contents(record));
        SourcePosition source = lateVisit.source();
        late.put(
            source,
            new Findings.LateFinding(
                RecordMapping.position(record), source, page(visit), lateVisit.lateByMillis()));
      } catch (MalformedRecordException e) {
        LOG.debug("{} is not a late visit: {}", RecordMapping.position(record), e.getMessage());
      }
    }
  }

  /** Takes a dead letter, unless no job wrote it. */
  void deadLetter(ConsumerRecord<byte[], byte[]> record) {
    records++;
    try {
      deadLetter(
          DeadLetterRecord.read(RecordMapping.contents(record)), RecordMapping.position(record));
    } catch (MalformedRecordException e) {
      LOG.debug("{} is not a dead letter: {}", RecordMapping.position(record), e.getMessage());
    }
  }

  private void deadLetter(DeadLetterRecord letter, SourcePosition place) {
    SourcePosition source = letter.source();
    if (letter.reason() == Reason.FUTURE_EVENT_TIME) {
      ofTheFuture.add(source);
    }
    String sign = sign(letter.key().bytes(), letter.value().bytes());
    if (sign != null) {
      noVisits.put(
          source,
          new Findings.RejectionFinding(source, letter.reason(), letter.message(), sign, place));
    }
  }

  /** Takes a record of the visits topic; those of a partition in their order. */
  void visit(ConsumerRecord<byte[], byte[]> record) {
    records++;
    SourcePosition place = RecordMapping.position(record);
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    partitions.add(partition);
    watermarks.recordRead(record, now);
    ParsedRecord parsed = parser.parse(record.value());
    if (parsed instanceof Rejection refusal) {
      String sign = sign(record.key(), record.value());
      if (sign != null) {
        noVisits.putIfAbsent(
            place,
            new Findings.RejectionFinding(place, refusal.reason(), refusal.message(), sign, null));
      }
    } else if (parsed instanceof Visit visit && !ofTheFuture.contains(place)) {
      OptionalLong watermark = watermarks.of(partition);
      watermarks.visitRead(record, visit.eventTimeMillis(), now);
      if (visit.visitId().equals(visitId)) {
        visits.add(new Findings.VisitFinding(place, page(visit), watermark));
      } else if (likeIt.size() < MAX_LIKE_IT && isLikeIt(visit)) {
        likeIt.add(visit.visitId());
      }
    }
  }

  /** Somebody may have typed half of a visit id, a session id or a user id. */
  private boolean isLikeIt(Visit visit) {
    return visit.visitId().contains(visitId)
        || visitId.startsWith(visit.visitId() + '@')
        || visitId.equals(visit.userId());
  }

  /** The user is in no JSON of a session's page, so it is left out here, too. */
  private static VisitedPage page(Visit visit) {
    return new VisitedPage(visit.eventTimeMillis(), visit.page(), null);
  }

  /** By what a record that is no visit is known to be of the visit id; null if it is not. */
  private @Nullable String sign(byte @Nullable [] key, byte @Nullable [] value) {
    if (value != null && visitId.equals(visitIdOf(value))) {
      return "its " + VisitFormat.VISIT_ID;
    }
    if (Arrays.equals(key, visitIdBytes)) {
      return "its key";
    }
    if (value != null && new String(value, UTF_8).contains(quoted())) {
      return "the text " + quoted() + " in it";
    }
    return null;
  }

  private static @Nullable String visitIdOf(byte[] value) {
    try {
      JsonNode visitId = JSON.readTree(value).path(VisitFormat.VISIT_ID);
      return visitId.isValueNode() ? visitId.asText() : null;
    } catch (IOException e) {
      return null;
    }
  }

  private String quoted() {
    try {
      return JSON.writeValueAsString(visitId);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text is always JSON", e);
    }
  }
}
