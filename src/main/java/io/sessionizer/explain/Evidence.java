package io.sessionizer.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
import org.apache.kafka.common.header.Header;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Collects what the topics hold of one visit id, record by record. The dead letters come before the
 * visits: they say which visits moved no watermark, because they were of the future then.
 */
final class Evidence {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LIKE_IT = 5;

  private final String visitId;
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

  /** Takes a record of the sessions topic. */
  void session(ConsumerRecord<byte[], byte[]> record) throws IOException {
    records++;
    String id = text(record.key());
    int at = id.lastIndexOf('@');
    if (at < 0 || !id.substring(0, at).equals(visitId)) {
      return;
    }
    sessions.add(
        new Findings.SessionFinding(
            RecordMapping.position(record),
            id,
            header(record, "revision"),
            header(record, "timing"),
            header(record, "end_reason"),
            header(record, "superseded_by"),
            record.value() == null ? null : pages(record)));
  }

  private static List<VisitedPage> pages(ConsumerRecord<byte[], byte[]> record) throws IOException {
    List<VisitedPage> pages = new ArrayList<>();
    for (JsonNode page : JSON.readTree(record.value()).path("visited_pages")) {
      JsonNode name = page.get("page");
      pages.add(
          new VisitedPage(
              page.path("event_time_as_milliseconds").asLong(),
              name == null ? null : name.asText(),
              null));
    }
    if (pages.isEmpty()) {
      throw new IOException(
          RecordMapping.position(record) + " is no session: it has no visited_pages");
    }
    return pages;
  }

  /** Takes a record of the late visits' topic. */
  void lateVisit(ConsumerRecord<byte[], byte[]> record) {
    records++;
    if (parser.parse(record.value()) instanceof Visit visit && visit.visitId().equals(visitId)) {
      SourcePosition source = source(record);
      late.put(
          source,
          new Findings.LateFinding(
              RecordMapping.position(record), source, page(visit), number(record, "late_by_ms")));
    }
  }

  /** Takes a dead letter. */
  void deadLetter(ConsumerRecord<byte[], byte[]> record) {
    records++;
    SourcePosition source = source(record);
    String reason = header(record, "error.reason");
    if (reason.equals(Reason.FUTURE_EVENT_TIME.name())) {
      ofTheFuture.add(source);
    }
    String sign = sign(record);
    if (sign != null) {
      noVisits.put(
          source,
          new Findings.RejectionFinding(
              source,
              reason,
              header(record, "error.message"),
              sign,
              RecordMapping.position(record)));
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
      String sign = sign(record);
      if (sign != null) {
        noVisits.putIfAbsent(
            place,
            new Findings.RejectionFinding(
                place, refusal.reason().name(), refusal.message(), sign, null));
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
  private @Nullable String sign(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() != null && visitId.equals(visitIdOf(record.value()))) {
      return "its visit_id";
    }
    if (record.key() != null && visitId.equals(text(record.key()))) {
      return "its key";
    }
    if (record.value() != null && text(record.value()).contains(quoted())) {
      return "the text " + quoted() + " in it";
    }
    return null;
  }

  private static @Nullable String visitIdOf(byte[] value) {
    try {
      JsonNode visitId = JSON.readTree(value).path("visit_id");
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

  private static SourcePosition source(ConsumerRecord<byte[], byte[]> record) {
    return new SourcePosition(
        header(record, "source.topic"),
        (int) number(record, "source.partition"),
        number(record, "source.offset"));
  }

  private static long number(ConsumerRecord<byte[], byte[]> record, String header) {
    try {
      return Long.parseLong(header(record, header));
    } catch (NumberFormatException e) {
      return -1; // not one of ours
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : text(header.value());
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
