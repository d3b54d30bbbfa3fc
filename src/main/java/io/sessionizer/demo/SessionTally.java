package io.sessionizer.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts what is on a sessions topic, record by record: sessions, corrections, and the visits in
 * them, each once however often its session was corrected.
 */
public final class SessionTally {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of every visit, how often it is in one record at most: twice if it came twice. */
  private final Map<VisitInSession, Integer> visits = new HashMap<>();

  /** Of sessions that start in one millisecond, and share its visits: what each of them has. */
  private final Map<String, Map<String, Map<VisitInSession, Integer>>> instants = new HashMap<>();

  private final Set<String> sessions = new HashSet<>();
  private final Set<String> everPublished = new HashSet<>();
  private long corrections;

  private record VisitInSession(String visitId, long eventTimeMillis, String page) {}

  /** Counts a record of the sessions topic. */
  public void add(ConsumerRecord<byte[], byte[]> record) throws IOException {
    String id = new String(record.key(), StandardCharsets.UTF_8);
    SessionStart start = SessionId.parse(id).start();
    String instant = id.substring(0, id.lastIndexOf('@') + 1) + start.millis();
    if (!everPublished.add(id)) {
      corrections++;
    }
    if (record.value() == null) {
      sessions.remove(id);
      instants.getOrDefault(instant, Map.of()).remove(id);
      return;
    }
    sessions.add(id);
    JsonNode session = JSON.readTree(record.value());
    Map<VisitInSession, Integer> inThisRecord = new HashMap<>();
    for (JsonNode page : session.path("visited_pages")) {
      var visit =
          new VisitInSession(
              session.path("visit_id").asText(),
              page.path("event_time_as_milliseconds").asLong(),
              page.path("page").asText());
      inThisRecord.merge(visit, 1, Integer::sum);
    }
    if (start.ordinal() > 0
        || inThisRecord.keySet().stream().allMatch(v -> v.eventTimeMillis() == start.millis())) {
      var inEach = instants.computeIfAbsent(instant, key -> new HashMap<>());
      inEach.put(id, inThisRecord);
      Map<VisitInSession, Integer> inAll = new HashMap<>();
      inEach
          .values()
          .forEach(one -> one.forEach((v, times) -> inAll.merge(v, times, Integer::sum)));
      inAll.forEach((visit, times) -> visits.merge(visit, times, Math::max));
    } else {
      inThisRecord.forEach((visit, times) -> visits.merge(visit, times, Math::max));
    }
  }

  /** The number of sessions that are there, by their ids. */
  public long sessions() {
    return sessions.size();
  }

  /** The number of records that change or delete a session which had come out before. */
  public long corrections() {
    return corrections;
  }

  /** The number of visits that are in a session. */
  public long visits() {
    return visits.values().stream().mapToLong(Integer::longValue).sum();
  }
}
