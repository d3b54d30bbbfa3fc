package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.AnyFields;
import io.sessionizer.sessions.CutSessions;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.SessionRules;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Input and output of a job that the naive model of sessions has run, in memory. */
final class ScriptedJob {
  static final Duration GAP = Duration.ofMinutes(16);
  static final SessionPolicy POLICY = SessionPolicy.of(GAP, Duration.ofMinutes(15));
  static final SessionJson JSON = new SessionJson(ZoneOffset.UTC);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long START = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
  private static final List<String> VISIT_IDS =
      List.of("v1", "v2", "v", "a@1", "a", "x\0y", "\ud83d\ude00", "\uffee", "--v");
  private static final InputFormat FORMAT = VisitJson.format(AnyFields.PROJECTED);
  private static final VisitParser PARSER =
      new VisitParser(FORMAT, 1 << 20, Duration.ofDays(1), Clock.systemUTC());

  private final SessionRules sessionRules;
  final Topic visits = new Topic("visits");
  final Topic sessions = new Topic("sessions");
  final Topic lateVisits = new Topic("late-visits");
  final Topic deadLetters = new Topic("dead-letters");
  final List<Visit> accepted = new ArrayList<>();
  final List<Session> table = new ArrayList<>();
  final List<SourcePosition> late = new ArrayList<>();
  final List<SourcePosition> dead = new ArrayList<>();

  /** A topic of two partitions; of a record that was deleted there is null. */
  static final class Topic implements RecordSource {
    final String name;
    final List<List<@Nullable TopicRecord>> partitions =
        List.of(new ArrayList<>(), new ArrayList<>());
    final long[] first = new long[2];
    final long[] timestamps = new long[2];
    boolean isComplete;
    boolean isRecent;
    long recentFrom = Long.MAX_VALUE;

    Topic(String name) {
      this.name = name;
    }

    SourcePosition add(int partition, @Nullable TopicRecord record) {
      partitions.get(partition).add(record);
      return new SourcePosition(name, partition, partitions.get(partition).size() - 1);
    }

    @Nullable TopicRecord get(SourcePosition position) {
      return partitions.get(position.partition()).get((int) position.offset());
    }

    void set(SourcePosition position, @Nullable TopicRecord record) {
      partitions.get(position.partition()).set((int) position.offset(), record);
    }

    /** The newest record of a key. */
    SourcePosition newest(String key) {
      for (int partition = 0; partition < 2; partition++) {
        List<@Nullable TopicRecord> records = partitions.get(partition);
        for (int offset = records.size() - 1; offset >= 0; offset--) {
          TopicRecord record = records.get(offset);
          if (record != null
              && record.key() != null
              && key.equals(new String(record.key(), UTF_8))) {
            return new SourcePosition(name, partition, offset);
          }
        }
      }
      throw new IllegalArgumentException("no record of " + key);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long size() {
      return (long) partitions.get(0).size() + partitions.get(1).size();
    }

    @Override
    public boolean isComplete() {
      return isComplete;
    }

    @Override
    public int parts() {
      return 2;
    }

    @Override
    public boolean hasKeys(int part) {
      return true;
    }

    @Override
    public boolean replaces(int part) {
      return true;
    }

    @Override
    public Coverage coverage(SourcePosition position) {
      if (!position.topic().equals(name) || position.partition() > 1) {
        return Coverage.ELSEWHERE;
      }
      return position.offset() < first[position.partition()]
          ? Coverage.BEFORE
          : position.offset() < partitions.get(position.partition()).size()
              ? Coverage.WITHIN
              : Coverage.BEHIND;
    }

    @Override
    public int part(SourcePosition position) {
      return position.partition();
    }

    @Override
    public boolean isTruncated(int part) {
      return first[part] > 0;
    }

    @Override
    public SourcePosition position(int part, long offset) {
      return new SourcePosition(name, part, offset);
    }

    @Override
    public String describe(SourcePosition position) {
      return position.toString();
    }

    @Override
    public void read(EachRecord each) throws IOException {
      for (int partition = 0; partition < 2; partition++) {
        List<@Nullable TopicRecord> records = partitions.get(partition);
        for (int offset = (int) first[partition]; offset < records.size(); offset++) {
          TopicRecord record = records.get(offset);
          if (record != null) {
            each.accept(
                new SourceRecord(
                    position(partition, offset),
                    timestamps[partition],
                    isRecent || offset >= recentFrom,
                    record));
          }
        }
      }
    }

    @Override
    public void close() {}
  }

  /** A job over some hundred records, in which every kind of record occurs. */
  ScriptedJob(Random random) {
    this(random, SessionRules.NONE);
  }

  /** A job with rules. */
  ScriptedJob(Random random, SessionRules sessionRules) {
    this.sessionRules = sessionRules;
    for (int i = 0; i < 200; i++) {
      int partition = random.nextInt(2);
      int kind = i < 20 ? i : 3 + random.nextInt(97);
      if (kind < 3 || kind == 30) {
        deadLetter(partition, "{\"visit_id\":\"v1\"}", Reason.MISSING_EVENT_TIME, random);
      } else if (kind < 6 || kind == 31) {
        late(partition, visit(random));
      } else if (kind == 6) {
        visits.add(partition, null); // compacted away, or the marker of a transaction
      } else {
        accept(partition, visit(random));
      }
    }
    // Both partitions are a day further, so that no other session is open.
    for (int partition = 0; partition < 2; partition++) {
      accept(
          partition,
          new Visit("last", START + Duration.ofDays(2).toMillis() + partition, "u", "home"));
    }
    for (Upsert session : cut()) {
      table.add(session.session());
      write(session, random);
    }
  }

  private ScriptedJob() {
    this.sessionRules = SessionRules.NONE;
  }

  /** Of all accepted visits the sessions, by visit id and start. */
  private List<Upsert> cut() {
    if (sessionRules.isNone()) {
      return ModelSessionizer.sessions(accepted, GAP).stream()
          .map(session -> new Upsert(session, 1, Timing.ON_TIME, EndReason.INACTIVITY))
          .toList();
    }
    SessionPolicy policy = SessionPolicy.of(GAP, Duration.ZERO).with(sessionRules);
    Map<String, List<VisitedPage>> byVisitId = new TreeMap<>();
    for (Visit visit : accepted) {
      byVisitId
          .computeIfAbsent(visit.visitId(), none -> new ArrayList<>())
          .add(visit.visitedPage());
    }
    List<Upsert> all = new ArrayList<>();
    byVisitId.forEach(
        (visitId, pages) ->
            all.addAll(CutSessions.of(visitId, pages.stream().sorted().toList(), policy)));
    return all;
  }

  /** A job without records. */
  static ScriptedJob empty() {
    return new ScriptedJob();
  }

  /** The job of docs/verify.md: two sessions, an open one, a late visit and a dead letter. */
  static ScriptedJob ofPage() {
    ScriptedJob job = new ScriptedJob();
    Random random = new Random(1);
    job.accept(0, new Visit("v2", START, "u2", "index"));
    job.accept(0, new Visit("v1", START, "u1", "index"));
    job.accept(0, new Visit("v1", START + 60_000, "u1", "contact"));
    job.deadLetter(0, "{\"visit_id\":\"v1\"}", Reason.MISSING_EVENT_TIME, random);
    job.table.addAll(ModelSessionizer.sessions(job.accepted, GAP));
    job.table.forEach(session -> job.sessions.add(0, upsert(session, 1)));
    job.accept(0, new Visit("v3", START + Duration.ofHours(2).toMillis(), "u3", "index"));
    job.late(0, new Visit("v1", START - Duration.ofHours(2).toMillis(), "u1", "index"));
    return job;
  }

  private static Visit visit(Random random) {
    String visitId = VISIT_IDS.get(random.nextInt(VISIT_IDS.size()));
    long time = START + 60_000L * (20 * 60 + random.nextInt(600));
    String user = visitId + " user" + (random.nextInt(8) == 0 ? " 2" : "");
    String page = random.nextInt(10) == 0 ? null : "page " + random.nextInt(3);
    ProjectedFields fields = random.nextInt(12) == 0 ? AnyFields.of(random) : ProjectedFields.NONE;
    return new Visit(visitId, time, random.nextInt(5) == 0 ? null : user, page, fields);
  }

  void accept(int partition, Visit visit) {
    accepted.add(visit);
    visits.add(partition, new TopicRecord(null, json(visit), List.of()));
  }

  private void late(int partition, Visit visit) {
    SourcePosition source = visits.add(partition, new TopicRecord(null, json(visit), List.of()));
    TopicRecord record = new LateVisitRecord(visit.visitId(), json(visit), 1, source).write();
    late.add(lateVisits.add(partition, record));
    if (late.size() % 2 == 0) {
      lateVisits.add(partition, record); // at least once
    }
  }

  private void deadLetter(int partition, String value, Reason reason, Random random) {
    byte[] key = random.nextBoolean() ? "key".getBytes(UTF_8) : null;
    byte[] bytes = value.getBytes(UTF_8);
    SourcePosition source = visits.add(partition, new TopicRecord(key, bytes, List.of()));
    dead.add(deadLetters.add(partition, deadLetter(source, key, bytes, reason)));
  }

  static TopicRecord deadLetter(
      SourcePosition source, byte @Nullable [] key, byte @Nullable [] value, Reason reason) {
    return DeadLetterRecord.of(
            new DeadLetter(new Provenance(source, 0, 0), key, value, reason, "why"), 1 << 20)
        .write();
  }

  private void write(Upsert cut, Random random) {
    Session session = cut.session();
    int partition = session.visitId().length() % 2;
    int revision = 1;
    if (random.nextInt(4) == 0 && session.pages().size() > 1) {
      Session before =
          new Session(session.visitId(), session.pages().subList(0, session.pages().size() - 1));
      sessions.add(partition, upsert(before, revision++));
    }
    if (random.nextInt(4) == 0) {
      long moved = session.startMillis() + 1;
      SessionId id = new SessionId(session.visitId(), new SessionStart(moved, 0));
      sessions.add(partition, new Tombstone(id, 2, session.id()).write(JSON));
    }
    sessions.add(partition, upsert(session, revision, cut.endReason()));
  }

  static TopicRecord upsert(Session session, int revision) {
    return upsert(session, revision, EndReason.INACTIVITY);
  }

  static TopicRecord upsert(Session session, int revision, EndReason endReason) {
    Timing timing = revision > 1 ? Timing.LATE : Timing.ON_TIME;
    return new Upsert(session, revision, timing, endReason).write(JSON);
  }

  static byte[] json(Visit visit) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("visit_id", visit.visitId());
    json.put("event_time", Instant.ofEpochMilli(visit.eventTimeMillis()).toString());
    json.put("user_id", visit.userId());
    json.put("page", visit.page());
    try {
      json.setAll((ObjectNode) MAPPER.readTree(VisitJson.write(visit, AnyFields.PROJECTED)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return json.toString().getBytes(UTF_8);
  }

  /** Verifies, and returns the differences. */
  Outcome verify() throws IOException {
    return verify(rules(false, sessionRules), 1 << 20);
  }

  Outcome verify(VerifyRules rules, long sortBytes) throws IOException {
    List<Difference> differences = new ArrayList<>();
    Verification.Sources sources =
        new Verification.Sources(visits, sessions, lateVisits, deadLetters);
    try (Verification verification =
        new Verification(rules, sources, 1_000_000, differences::add, sortBytes)) {
      return new Outcome(verification.run(done -> {}), differences);
    }
  }

  static VerifyRules rules(boolean dropsLateVisits) {
    return rules(dropsLateVisits, SessionRules.NONE);
  }

  static VerifyRules rules(boolean dropsLateVisits, SessionRules sessionRules) {
    return rules(POLICY.with(sessionRules)).dropsLateVisits(dropsLateVisits).build();
  }

  /** Rules by a policy, as those of the job where that does not say. */
  static VerifyRulesBuilder rules(SessionPolicy policy) {
    return VerifyRulesBuilder.of(policy)
        .maxOutOfOrderness(Duration.ofMinutes(1))
        .inputFormat(FORMAT);
  }

  /** What a verification has found. */
  record Outcome(Verdict verdict, List<Difference> differences) {}

  /** Returns what a record of the visits topic is. */
  static Visit visit(TopicRecord record) {
    return (Visit) PARSER.parse(record.value());
  }

  static boolean isVisit(TopicRecord record) {
    return !(PARSER.parse(record.value()) instanceof Rejection);
  }
}
