package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Events of 20 visit ids, in a random order, with all that sessions depend on: equal times, event
 * ids, sequences, and the fields of rules and attributes. No visit is too late.
 */
final class AnyHistories {
  private static final int VISIT_IDS = 20;
  private static final int MOST_VISITS = 30;
  private static final int MAX_BYTES = 2_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FLAGS =
      List.of(
          "--sequenceField=seq",
          "--allowedLateness=PT6H",
          "--maxPagesPerSession=12",
          "--maxSessionDuration=PT2H",
          "--splitOn=user_id",
          "--splitOn=/ad",
          "--endOn=page=thanks",
          "--endOn=lower(step)=3",
          "--splitAtMidnight",
          "--timeZone=Europe/Paris",
          "--attribute=entry=first(page)",
          "--attribute=exit=last(page)",
          "--attribute=ad=last(/ad)",
          "--attribute=revenue=sum(/value)",
          "--attribute=values=distinct(/value)",
          "--attribute=steps=countDistinct(lower(step))",
          "--attribute=cheap=count(/value < 2)",
          "--attribute=bought=any(page = \"thanks\" and /value > 2)",
          "--attribute=bounce=count() = 1");

  private final List<Visit> visits = new ArrayList<>();
  private final SessionPolicy policy;
  private final SessionJson json;
  private final Random random;

  /** Creates histories; every other seed gives a policy that drops duplicates. */
  AnyHistories(long seed) throws BadFlagsException {
    this.random = new Random(seed);
    List<String> flags = new ArrayList<>(FLAGS);
    if (seed % 2 == 0) {
      flags.addAll(List.of("--deduplicate", "--eventIdField=id"));
    }
    Settings settings = Flags.parse(flags.toArray(String[]::new)).settings();
    SessionPolicy p = settings.policy();
    this.policy =
        new SessionPolicy(
            p.gap(),
            p.allowedLateness(),
            p.maxDuration(),
            p.maxPages(),
            MAX_BYTES,
            p.deduplicate(),
            p.rules());
    this.json =
        new SessionJson(
            settings.timeZone(), settings.sessionAttributes(SkippedValues.UNCOUNTED), null);
    VisitParser parser =
        new VisitParser(settings.inputFormat(), 1 << 20, Duration.ofDays(1), Clock.systemUTC());
    for (int i = 0; i < VISIT_IDS; i++) {
      for (int left = 1 + random.nextInt(MOST_VISITS); left > 0; left--) {
        visits.add((Visit) parser.parse(event("visit " + i).toString().getBytes(UTF_8)));
      }
    }
    Collections.shuffle(visits, random);
  }

  private ObjectNode event(String visitId) {
    long time = AnyEngineTest.MIDNIGHT + (random.nextInt(180) - 120) * AnyEngineTest.MINUTE;
    ObjectNode event =
        JSON.createObjectNode()
            .put("visit_id", visitId)
            .put("event_time", Instant.ofEpochMilli(time).toString());
    put(event, "user_id", "kim", "kim", "kim", "kim", "jo", null, null, null);
    put(event, "page", "a", "b", "c", "thanks", null);
    put(event, "ad", "x", "x", "x", "y", 1, new BigDecimal("1.0"), true, null, null, null);
    put(event, "step", "A", "a", "B", 3, "3", null, null, null, null);
    put(event, "value", 1, new BigDecimal("1.0"), new BigDecimal("2.5"), "7.25", "many", null);
    put(event, "seq", 1, 2, new BigDecimal("1.5"), null, null);
    put(event, "id", "e1", "e2", null);
    return event;
  }

  private void put(ObjectNode event, String name, @Nullable Object... values) {
    Object value = values[random.nextInt(values.length)];
    if (value != null || random.nextBoolean()) {
      event.putPOJO(name, value);
    }
  }

  /** How the visits become sessions. */
  SessionPolicy policy() {
    return policy;
  }

  /** The visits in batches. */
  List<Visit[]> batches(int size) {
    List<Visit[]> batches = new ArrayList<>();
    for (int from = 0; from < visits.size(); from += size) {
      batches.add(visits.subList(from, Math.min(from + size, visits.size())).toArray(Visit[]::new));
    }
    return batches;
  }

  /** End reason and JSON of each session by the naive model, by key. */
  SortedMap<String, String> sessionsOfModel() {
    Map<String, List<VisitedPage>> byVisitId = new HashMap<>();
    for (Visit visit : visits) {
      byVisitId.computeIfAbsent(visit.visitId(), id -> new ArrayList<>()).add(visit.visitedPage());
    }
    SortedMap<String, String> sessions = new TreeMap<>();
    byVisitId.forEach(
        (visitId, pages) ->
            NaiveSessions.upserts(visitId, pages, policy)
                .forEach(session -> sessions.put(session.sessionId().toString(), text(session))));
    return sessions;
  }

  /** End reason and JSON of each session by the records of an engine, by key. */
  SortedMap<String, String> newest(List<SessionRecord> changes) {
    Map<String, SessionRecord> newest = new HashMap<>();
    for (SessionRecord change : changes) {
      newest.merge(
          change.sessionId().toString(),
          change,
          (one, other) -> other.revision() > one.revision() ? other : one);
    }
    SortedMap<String, String> sessions = new TreeMap<>();
    newest.forEach(
        (key, change) -> {
          if (!(change instanceof Tombstone)) {
            sessions.put(key, text(change));
          }
        });
    return sessions;
  }

  private String text(SessionRecord session) {
    TopicRecord record = session.write(json);
    String endReason =
        record.headers().stream()
            .filter(header -> header.name().equals("end_reason"))
            .map(Object::toString)
            .findFirst()
            .orElseThrow();
    return endReason + " " + new String(record.value(), UTF_8);
  }
}
