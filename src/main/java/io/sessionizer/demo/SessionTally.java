package io.sessionizer.demo;

import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.VisitedPage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Counts of a sessions topic: sessions, corrections, and the visits in them, each once however
 * often its session was corrected.
 */
public final class SessionTally {
  /** Of every visit, how often it is in one record at most: twice if it was read twice. */
  private final Map<VisitInSession, Integer> visits = new HashMap<>();

  /** By the millisecond that sessions start in, the visits of that millisecond in each of them. */
  private final Map<SessionId, Map<SessionId, Map<VisitInSession, Integer>>> instants =
      new HashMap<>();

  private final Set<SessionId> sessions = new HashSet<>();
  private final Set<SessionId> everPublished = new HashSet<>();
  private long corrections;

  private record VisitInSession(String visitId, long eventTimeMillis, @Nullable String page) {}

  /** Counts a record of the sessions topic. */
  public void add(ConsumerRecord<byte[], byte[]> record) throws MalformedRecordException {
    SessionRecord change = SessionRecord.read(RecordMapping.contents(record));
    SessionId id = change.sessionId();
    SessionStart start = id.start();
    SessionId instant = new SessionId(id.visitId(), new SessionStart(start.millis(), 0));
    if (!everPublished.add(id)) {
      corrections++;
    }
    if (!(change instanceof Upsert upsert)) {
      sessions.remove(id);
      instants.computeIfPresent(
          instant,
          (key, inEach) -> {
            inEach.remove(id);
            return inEach;
          });
      return;
    }
    sessions.add(id);
    Map<VisitInSession, Integer> inThisRecord = new HashMap<>();
    for (VisitedPage page : upsert.session().pages()) {
      var visit = new VisitInSession(id.visitId(), page.eventTimeMillis(), page.page());
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

  /** The number of sessions that were not retracted, by their ids. */
  public long sessions() {
    return sessions.size();
  }

  /** The number of records that change or delete a session that was published before. */
  public long corrections() {
    return corrections;
  }

  /** Returns the number of visits in sessions. */
  public long visits() {
    return visits.values().stream().mapToLong(Integer::longValue).sum();
  }
}
