package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionShard.Commit;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * A shard publishes, accepts and retains the same as a state machine for each visit id, whatever is
 * consumed when. Times are small numbers, so that visits meet at every limit.
 */
class AnyShardTest {
  private static final long LAST_WATERMARK = 1_000_000;
  private static final long UNKNOWN = Long.MIN_VALUE / 2;

  /** Visit ids; some pairs of them are in the same shard. */
  private static final List<String> VISIT_IDS =
      List.of("v", "w", "vv", "visit 140719780965248_0", "\uD835\uDCB3", "\uFFFD\"\\", "a\u0001");

  /** Pages of one and of two UTF-16 code units a character, which UTF-8 sorts in another order. */
  private static final List<String> PAGES =
      List.of(
          "", "p", "ppppppppp", "\"quoted\" and \\", "\uE000", "\uFFFF", "\uD83D\uDE00", "é\u0002");

  private static final List<String> USERS = List.of("", "u".repeat(9), "u".repeat(18));

  /** The sessions of all visit ids, by a state machine each. */
  private static final class Model {
    private final SessionPolicy policy;
    private final EarlierSessions earlier;
    private final Map<String, SessionState> states = new TreeMap<>();
    private final Map<String, List<VisitedPage>> stored = new TreeMap<>();
    private final List<SessionRecord> changes = new ArrayList<>();

    Model(SessionPolicy policy, EarlierSessions earlier) {
      this.policy = policy;
      this.earlier = earlier;
    }

    /** Returns the visits that are too late. */
    Set<Integer> consume(List<Visit> readTogether, long now, long watermark) {
      Set<Integer> tooLate = new LinkedHashSet<>();
      Map<String, SessionStateMachine> machines = new LinkedHashMap<>();
      Map<String, BufferedPages> visits = new HashMap<>();
      for (int i = 0; i < readTogether.size(); i++) {
        Visit visit = readTogether.get(i);
        String visitId = visit.visitId();
        if (!machines.containsKey(visitId)) {
          advance(visitId, now);
          visits.put(visitId, visits(visitId));
          machines.put(visitId, machine(visitId, visits.get(visitId), watermark));
        }
        if (!machines.get(visitId).accept(visit.visitedPage(), watermark)) {
          tooLate.add(i);
        }
      }
      machines.forEach(
          (visitId, machine) -> {
            machine.amend(changes);
            List<VisitedPage> added = visits.get(visitId).added();
            if (!added.isEmpty()) {
              stored.computeIfAbsent(visitId, none -> new ArrayList<>()).addAll(added);
              states.put(visitId, machine.state());
              advance(visitId, now);
            }
          });
      return tooLate;
    }

    void advance(long now) {
      List.copyOf(states.keySet()).forEach(visitId -> advance(visitId, now));
    }

    private void advance(String visitId, long now) {
      while (states.containsKey(visitId) && states.get(visitId).wakeAtMillis(policy) <= now) {
        BufferedPages visits = visits(visitId);
        SessionStateMachine machine = machine(visitId, visits, now);
        machine.advance(states.get(visitId).wakeAtMillis(policy), changes);
        if (machine.state().isEmpty()) {
          states.remove(visitId);
          stored.remove(visitId);
        } else {
          states.put(visitId, machine.state());
          if (visits.hasEvicted()) {
            stored.put(visitId, new ArrayList<>(visits.pages()));
          }
        }
      }
    }

    private BufferedPages visits(String visitId) {
      return new BufferedPages(
          () -> List.copyOf(stored.getOrDefault(visitId, List.of())), policy.deduplicate());
    }

    private SessionStateMachine machine(String visitId, BufferedPages visits, long watermark) {
      byte[] utf8 = visitId.getBytes(UTF_8);
      return new SessionStateMachine(
          visitId,
          policy,
          states.getOrDefault(visitId, SessionState.EMPTY),
          visits,
          earlier.from(policy.earliestAccepted(watermark), utf8, 0, utf8.length));
    }

    Model copy() {
      Model copy = new Model(policy, earlier);
      copy.states.putAll(states);
      stored.forEach((visitId, visits) -> copy.stored.put(visitId, new ArrayList<>(visits)));
      copy.changes.addAll(changes);
      return copy;
    }
  }

  /** What a runner has of a shard. */
  private static final class Stored {
    private @Nullable ShardHeader header;
    private List<byte[]> log = new ArrayList<>();
    private boolean isTimerSet;

    void apply(Commit commit) throws Exception {
      log = new ArrayList<>(log);
      if (commit.clearsLog()) {
        log.clear();
      }
      log.addAll(commit.entries());
      header = commit.header() == null ? null : saved(commit.header());
      isTimerSet = header != null && header.timerMillis() != SessionState.NEVER;
      if (header == null) {
        assertEquals(List.of(), log);
      } else {
        assertEquals(header.nextNumber() - header.firstNumber(), log.size());
      }
    }

    private static ShardHeader saved(ShardHeader header) throws Exception {
      byte[] bytes = CoderUtils.encodeToByteArray(ShardHeaderCoder.of(), header);
      return CoderUtils.decodeFromByteArray(ShardHeaderCoder.of(), bytes);
    }

    Stored copy() {
      Stored copy = new Stored();
      copy.header = header;
      copy.log = log;
      copy.isTimerSet = isTimerSet;
      return copy;
    }
  }

  /** A shard, driven as the engine drives it, and a model beside it. */
  private static final class Driven {
    private final SessionPolicy policy;
    private final EarlierSessions earlier;
    private final Random random;
    private Model model;
    private Stored stored = new Stored();
    private SessionShard shard;
    private List<SessionRecord> changes = new ArrayList<>();
    private long now = UNKNOWN;
    private int compacted;

    Driven(SessionPolicy policy, Random random) {
      this(policy, EarlierSessions.NONE, random);
    }

    Driven(SessionPolicy policy, EarlierSessions earlier, Random random) {
      this.policy = policy;
      this.earlier = earlier;
      this.random = random;
      this.model = new Model(policy, earlier);
      this.shard = shard();
    }

    private SessionShard shard() {
      return new SessionShard(policy, earlier, random, 1 << 10);
    }

    void consume(List<Visit> readTogether) throws Exception {
      long watermark = now == UNKNOWN ? UNKNOWN + random.nextInt(2) * 1_000_000L : now;
      Set<Visit> tooLate = new LinkedHashSet<>();
      model.consume(readTogether, now, watermark).forEach(at -> tooLate.add(readTogether.get(at)));
      assertEquals(tooLate, consume(readTogether, watermark));
    }

    void consumeWithoutModel(List<Visit> readTogether) throws Exception {
      assertEquals(Set.of(), consume(readTogether, now));
    }

    private Set<Visit> consume(List<Visit> readTogether, long watermark) throws Exception {
      take();
      Set<Visit> rejected = new LinkedHashSet<>();
      List<LocatedVisit> located =
          readTogether.stream().map(visit -> new LocatedVisit(visit, source())).toList();
      for (VisitPacket packet : VisitPacket.of(located)) {
        for (VisitCursor visit = packet.cursor(); visit.next(); ) {
          if (!shard.accept(visit, now, watermark, changes)) {
            rejected.add(visit.located().visit());
          }
        }
      }
      shard.amend(now, changes);
      commit();
      return rejected;
    }

    private static Provenance source() {
      return new Provenance(new SourcePosition("visits", 0, 0), 0);
    }

    void advanceTo(long to) {
      now = Math.max(now, to);
    }

    /** The timer fires, some time after it was set. */
    void wake() throws Exception {
      model.advance(now);
      if (stored.header != null && stored.isTimerSet && stored.header.timerMillis() <= now) {
        take();
        shard.timerFired();
        shard.advance(now, changes);
        commit();
      }
    }

    /** Takes the index in memory if it fits, else builds it of the log. */
    private void take() {
      if (stored.header == null) {
        shard = shard();
      } else if (!shard.fits(stored.header)) {
        rebuild();
      }
    }

    private void rebuild() {
      shard = shard();
      List<byte[]> anyOrder = new ArrayList<>(stored.log);
      Collections.shuffle(anyOrder, random);
      shard.restore(stored.header, anyOrder);
    }

    private void commit() throws Exception {
      Commit commit = shard.commit();
      compacted += commit.clearsLog() && commit.header() != null ? 1 : 0;
      stored.apply(commit);
      if (stored.header != null) {
        assertEquals(
            described(shard.index()), described(ShardLog.index(stored.log, stored.header)));
        assertEquals(stored.header.bytesAlive(), shard.index().bytesAlive());
        assertEquals(
            ShardLog.index(stored.log, stored.header).bytesAlive(), shard.index().bytesAlive());
      }
    }

    /** The index has the same visits and states as the model. */
    void assertSameState() {
      Map<String, String> expected = new TreeMap<>();
      model.states.forEach(
          (visitId, state) ->
              expected.put(visitId, described(state, model.stored.get(visitId), policy)));
      assertEquals(expected, described(shard.index()));
    }

    private Map<String, String> described(ShardIndex index) {
      Map<String, String> described = new TreeMap<>();
      for (int slot = 0; slot < index.usedSlots(); slot++) {
        if (index.isUsed(slot)) {
          String visitId = PackedState.visitId(index.packed(slot));
          described.put(visitId, described(index.state(slot), index.visits(slot), policy));
        }
      }
      assertEquals(index.size(), described.size());
      return described;
    }

    private static String described(
        SessionState state, List<VisitedPage> visits, SessionPolicy policy) {
      List<VisitedPage> sorted = visits.stream().sorted().toList();
      return (areValuesCompared(policy) ? withoutOutline(state) : state)
          + " "
          + (policy.deduplicate() ? Duplicates.dropped(sorted) : sorted);
    }

    private static boolean areValuesCompared(SessionPolicy policy) {
      return !policy.rules().splitOn().isEmpty() || !policy.rules().endOn().isEmpty();
    }

    /** A shard knows that uniform visits are one session; a state machine has to load them. */
    private static List<Object> withoutOutline(SessionState state) {
      return List.of(
          state.phase().getClass(),
          state.publications(),
          state.evictedUpToMillis(),
          state.unaffectedFromMillis(),
          state.firstOrdinal());
    }

    static Map<String, List<SessionRecord>> byVisitId(List<SessionRecord> changes) {
      Map<String, List<SessionRecord>> byVisitId = new TreeMap<>();
      changes.forEach(
          change ->
              byVisitId.computeIfAbsent(change.visitId(), none -> new ArrayList<>()).add(change));
      return byVisitId;
    }

    void finish() throws Exception {
      advanceTo(LAST_WATERMARK);
      wake();
      assertEquals(byVisitId(model.changes), byVisitId(unpacked()), policy::toString);
    }

    List<SessionRecord> unpacked() {
      return changes.stream().map(SessionRecord::unpacked).toList();
    }
  }

  private static SessionPolicy policy(Random random) {
    return new SessionPolicy(
            Duration.ofMillis(1 + random.nextInt(8)),
            Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(24)),
            Duration.ofMillis(random.nextBoolean() ? 1_000 : 1 + random.nextInt(20)),
            random.nextBoolean() ? 1_000 : 1 + random.nextInt(4),
            random.nextBoolean() ? 900_000 : SessionBytes.FRAME + 3 + random.nextInt(250),
            random.nextInt(4) == 0)
        .with(AnyRules.of(random, PAGES, USERS));
  }

  /** Reads visits together, some of them late, of several visit ids. */
  private static final class Traffic {
    private final Random random;
    private final int gap;
    private final boolean hasFields;
    private final List<Visit> readTogether = new ArrayList<>();
    private long newest;

    Traffic(SessionPolicy policy, Random random) {
      this.random = random;
      this.gap = Math.toIntExact(policy.gap().toMillis());
      this.hasFields = random.nextBoolean();
      this.newest = -random.nextInt(60);
    }

    List<Visit> next() {
      readTogether.clear();
      int visitIds = 1 + random.nextInt(VISIT_IDS.size());
      do {
        newest += random.nextInt(4) == 0 ? random.nextInt(3 * gap) : random.nextInt(3);
        long behind = random.nextInt(4) == 0 ? random.nextInt(8 * gap + 20) : random.nextInt(4);
        String page = random.nextInt(5) == 0 ? null : PAGES.get(random.nextInt(PAGES.size()));
        String user = random.nextBoolean() ? USERS.get(random.nextInt(3)) : null;
        String visitId = VISIT_IDS.get(random.nextInt(visitIds));
        readTogether.add(new Visit(visitId, newest - behind, user, page, fields()));
      } while (random.nextInt(3) > 0);
      return List.copyOf(readTogether);
    }

    ProjectedFields fields() {
      return hasFields ? AnyFields.of(random) : ProjectedFields.NONE;
    }
  }

  @Property(tries = 1_500)
  void publishesAndRetainsWhatStateMachinesDo(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    Driven driven = new Driven(policy(random), earlier(random), random);
    Traffic traffic = new Traffic(driven.policy, random);
    for (int i = 2 + random.nextInt(30); i > 0; i--) {
      driven.consume(traffic.next());
      if (random.nextBoolean()) {
        driven.advanceTo(traffic.newest - random.nextInt(5));
        driven.wake();
        driven.assertSameState();
      }
    }
    driven.finish();
  }

  private static EarlierSessions earlier(Random random) {
    Set<SessionId> sessions = new LinkedHashSet<>();
    for (int i = random.nextBoolean() ? random.nextInt(30) : 0; i > 0; i--) {
      String visitId = VISIT_IDS.get(random.nextInt(VISIT_IDS.size()));
      SessionStart start =
          new SessionStart(random.nextInt(100) - 50, random.nextInt(4) == 0 ? 1 : 0);
      sessions.add(new SessionId(visitId, start));
    }
    return EarlierSessions.of(sessions);
  }

  /** No visit is too late. The second shard has all visits, the first one had some of them. */
  @Property(tries = 1_500)
  void retractsSessionsOfEarlierShard(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    SessionPolicy any = policy(random);
    SessionPolicy policy =
        new SessionPolicy(
            any.gap(),
            Duration.ofMillis(2 * LAST_WATERMARK),
            any.maxDuration(),
            any.maxPages(),
            any.maxBytes(),
            any.deduplicate(),
            any.rules());
    Traffic traffic = new Traffic(policy, random);
    List<Visit> all = new ArrayList<>();
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      all.addAll(traffic.next());
    }
    List<Visit> first = all.subList(0, random.nextInt(all.size() + 1));
    Map<SessionId, SessionRecord> table = new HashMap<>();
    table(first, new Driven(policy, random), table);
    Collections.shuffle(all, random);
    table(all, new Driven(policy, EarlierSessions.of(table.keySet()), random), table);

    Map<SessionId, SessionRecord> oneShard = new HashMap<>();
    table(all, new Driven(policy, random), oneShard);
    assertEquals(sessions(oneShard), sessions(table), policy::toString);
  }

  /** Consumes visits, and adds what is published to a table. */
  private static void table(List<Visit> visits, Driven driven, Map<SessionId, SessionRecord> table)
      throws Exception {
    for (int i = 0; i < visits.size(); ) {
      int to = Math.min(visits.size(), i + 1 + driven.random.nextInt(5));
      driven.consume(visits.subList(i, to));
      if (driven.random.nextInt(3) == 0) {
        driven.advanceTo(visits.get(to - 1).eventTimeMillis());
        driven.wake();
      }
      i = to;
    }
    driven.finish();
    for (SessionRecord change : driven.unpacked()) {
      if (change instanceof Upsert) {
        table.put(change.sessionId(), change);
      } else {
        table.remove(change.sessionId());
      }
    }
  }

  private static Map<String, Session> sessions(Map<SessionId, SessionRecord> table) {
    Map<String, Session> sessions = new TreeMap<>();
    table.forEach((id, record) -> sessions.put(id.toString(), ((Upsert) record).session()));
    return sessions;
  }

  /** Most visits are of a visit id that never pauses, so that only bounds end its sessions. */
  @Property(tries = 500)
  void capsCutVisitIdThatNeverPauses(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    SessionPolicy policy =
        new SessionPolicy(
                Duration.ofMillis(5 + random.nextInt(20)),
                Duration.ofMillis(random.nextInt(40)),
                Duration.ofMillis(random.nextBoolean() ? 1_000 : 1 + random.nextInt(20)),
                2 + random.nextInt(20),
                random.nextBoolean() ? 900_000 : SessionBytes.FRAME + 200 + random.nextInt(2_000),
                random.nextInt(4) == 0)
            .with(AnyRules.of(random, PAGES, List.of("robot", "other")));
    Driven driven = new Driven(policy, random);
    Traffic traffic = new Traffic(policy, random);
    long newest = -random.nextInt(20);
    for (int i = 0; i < 30; i++) {
      List<Visit> readTogether = new ArrayList<>();
      for (int visits = random.nextInt(30); visits > 0; visits--) {
        newest += random.nextInt(3) == 0 ? 1 : 0;
        long behind = random.nextInt(20) == 0 ? random.nextInt(60) : random.nextInt(4);
        String page = PAGES.get(random.nextInt(PAGES.size()));
        String user = random.nextInt(10) == 0 ? "other" : "robot";
        readTogether.add(new Visit("v", newest - behind, user, page, traffic.fields()));
      }
      if (random.nextInt(3) == 0) {
        traffic.newest = newest;
        readTogether.addAll(traffic.next());
      }
      driven.consume(readTogether);
      driven.advanceTo(newest - 3);
      driven.wake();
      driven.assertSameState();
    }
    driven.finish();
  }

  /** The timer of a shard fires some watermarks late, or is overtaken by visits. */
  @Property(tries = 1_500)
  void lateTimersChangeNoRecord(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    Driven driven = new Driven(policy(random), random);
    Traffic traffic = new Traffic(driven.policy, random);
    for (int i = 2 + random.nextInt(30); i > 0; i--) {
      driven.consume(traffic.next());
      if (random.nextBoolean()) {
        driven.advanceTo(traffic.newest - random.nextInt(5));
        driven.model.advance(driven.now);
      }
      if (random.nextInt(5) == 0) {
        driven.wake();
      }
    }
    driven.finish();
  }

  /** A bundle is tried again, a checkpoint restored: the index in memory has what is not stored. */
  @Property(tries = 1_500)
  void rollbackRebuildsIndex(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    Driven driven = new Driven(policy(random), random);
    Traffic traffic = new Traffic(driven.policy, random);
    Model model = driven.model.copy();
    Stored stored = driven.stored.copy();
    List<SessionRecord> changes = List.of();
    long now = driven.now;
    for (int i = 2 + random.nextInt(30); i > 0; i--) {
      driven.consume(traffic.next());
      if (random.nextBoolean()) {
        driven.advanceTo(traffic.newest - random.nextInt(5));
        driven.wake();
      }
      switch (random.nextInt(4)) {
        case 0 -> {
          model = driven.model.copy();
          stored = driven.stored.copy();
          changes = List.copyOf(driven.changes);
          now = driven.now;
        }
        case 1 -> {
          driven.model = model.copy();
          driven.stored = stored.copy();
          driven.changes = new ArrayList<>(changes);
          driven.now = now;
        }
        default -> {}
      }
    }
    driven.finish();
  }

  /**
   * All that was published before is replaced. Nothing has expired, so that all is cut anew. As
   * many visits as that have no cut inside a millisecond, which would need the visits in between.
   */
  @Property(tries = 1_500)
  void otherPolicyCutsAllVisitsAnew(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    SessionPolicy before = withoutExpiry(policy(random));
    SessionPolicy after = withoutExpiry(policy(random));
    Driven driven = new Driven(before, random);
    Traffic traffic = new Traffic(before, random);
    List<Visit> visits = new ArrayList<>();
    for (int i = 1 + random.nextInt(10); i > 0; i--) {
      visits.addAll(traffic.next());
      driven.consume(List.copyOf(traffic.readTogether));
      driven.advanceTo(traffic.newest - random.nextInt(5));
      driven.wake();
    }
    Driven restored = new Driven(after, random);
    restored.stored = driven.stored;
    restored.changes = driven.changes;
    restored.now = driven.now;
    restored.take();
    for (int i = random.nextInt(10); i > 0; i--) {
      visits.addAll(traffic.next());
      restored.consumeWithoutModel(List.copyOf(traffic.readTogether));
      restored.advanceTo(traffic.newest - random.nextInt(5));
    }
    restored.advanceTo(LAST_WATERMARK);
    restored.take();
    restored.shard.advance(restored.now, restored.changes);
    restored.commit();

    assertEquals(expected(visits, after), table(restored.unpacked()), () -> before + " " + after);
  }

  private static SessionPolicy withoutExpiry(SessionPolicy policy) {
    return new SessionPolicy(
            policy.gap(),
            Duration.ofMillis(LAST_WATERMARK / 2),
            policy.maxDuration(),
            policy.maxPages(),
            policy.maxBytes(),
            false)
        .with(policy.rules());
  }

  private static List<String> expected(List<Visit> visits, SessionPolicy policy) {
    Map<String, List<VisitedPage>> byVisitId = new TreeMap<>();
    for (Visit visit : visits) {
      byVisitId
          .computeIfAbsent(visit.visitId(), none -> new ArrayList<>())
          .add(visit.visitedPage());
    }
    List<String> sessions = new ArrayList<>();
    byVisitId.forEach(
        (visitId, pages) -> sessions.addAll(NaiveSessions.of(visitId, pages, policy)));
    return sessions.stream().sorted().toList();
  }

  /** What a consumer has that keeps the newest record of every key. */
  private static List<String> table(List<SessionRecord> changes) {
    Map<String, String> table = new TreeMap<>();
    Map<String, Integer> revisions = new HashMap<>();
    for (SessionRecord change : changes) {
      String id = change.sessionId().toString();
      Integer last = revisions.put(id, change.revision());
      assertTrue(last == null || last < change.revision(), "revisions grow: " + change);
      if (change instanceof Upsert upsert) {
        table.put(id, upsert.session() + " " + upsert.endReason());
      } else {
        table.remove(id);
      }
    }
    return table.values().stream().sorted().toList();
  }

  @Test
  void raisedGapJoinsPublishedSession() throws Exception {
    Random random = new Random(0);
    Driven driven =
        new Driven(SessionPolicy.of(Duration.ofMillis(16), Duration.ofMillis(15)), random);
    driven.consume(List.of(new Visit("v", 0, null, "p")));
    driven.advanceTo(16);
    driven.wake();
    Driven restored =
        new Driven(SessionPolicy.of(Duration.ofMillis(30), Duration.ofMillis(15)), random);
    restored.stored = driven.stored;
    restored.now = 16;
    restored.consumeWithoutModel(List.of(new Visit("v", 20, null, "q")));
    restored.advanceTo(50);
    restored.take();
    restored.shard.advance(50, restored.changes);

    Session both =
        new Session("v", List.of(new VisitedPage(0, "p", null), new VisitedPage(20, "q", null)));
    assertEquals(
        List.of(new Upsert(both, 2, Timing.LATE, EndReason.INACTIVITY)), restored.unpacked());
  }

  /** The session of 0 has expired: a smaller one must not take its place. */
  @Test
  void raisedLatenessKeepsExpiredSession() throws Exception {
    Random random = new Random(0);
    Driven driven = new Driven(SessionPolicy.of(Duration.ofMillis(16), Duration.ZERO), random);
    driven.consume(List.of(new Visit("v", 0, null, "p"), new Visit("v", 10, null, "q")));
    driven.consume(List.of(new Visit("v", 50, null, "r")));
    driven.advanceTo(50);
    driven.wake();
    Driven restored =
        new Driven(SessionPolicy.of(Duration.ofMillis(16), Duration.ofMillis(100)), random);
    restored.stored = driven.stored;
    restored.now = 50;
    Visit late = new Visit("v", 0, null, "late");
    assertEquals(Set.of(late), restored.consume(List.of(late), 50));
    assertEquals(List.of(), restored.changes);
  }

  @Test
  void loweredGapSplitsPublishedSession() throws Exception {
    Random random = new Random(0);
    Driven driven =
        new Driven(SessionPolicy.of(Duration.ofMillis(30), Duration.ofMillis(15)), random);
    driven.consume(List.of(new Visit("v", 0, null, "p"), new Visit("v", 20, null, "q")));
    driven.advanceTo(50);
    driven.wake();
    Driven restored =
        new Driven(SessionPolicy.of(Duration.ofMillis(16), Duration.ofMillis(15)), random);
    restored.stored = driven.stored;
    restored.take();
    restored.shard.advance(50, restored.changes);

    Session first = new Session("v", List.of(new VisitedPage(0, "p", null)));
    Session second = new Session("v", List.of(new VisitedPage(20, "q", null)));
    assertEquals(
        List.of(
            new Upsert(first, 2, Timing.LATE, EndReason.INACTIVITY),
            new Upsert(second, 1, Timing.ON_TIME, EndReason.INACTIVITY)),
        restored.unpacked());
  }

  /** Some of the histories above must come to what is rare. */
  @Test
  void historiesReachCompactionAndRebuild() throws Exception {
    int compacted = 0;
    int retained = 0;
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Driven driven = new Driven(policy(random), random);
      Traffic traffic = new Traffic(driven.policy, random);
      for (int i = 0; i < 60; i++) {
        driven.consume(traffic.next());
        driven.advanceTo(traffic.newest - 3);
        driven.wake();
        driven.assertSameState();
        retained += driven.shard.visitIds();
      }
      compacted += driven.compacted;
      driven.finish();
      assertEquals(0, driven.shard.visitIds());
    }
    assertTrue(compacted > 100 && retained > 1_000, compacted + " " + retained);
  }

  @Nested
  class DamagedLog {
    private final Driven driven =
        new Driven(SessionPolicy.of(Duration.ofMillis(9), Duration.ZERO), new Random(0));
    private final List<byte[]> log;

    DamagedLog() throws Exception {
      for (long time = 0; time < 5; time++) {
        driven.consume(List.of(new Visit("v", time, null, "p")));
      }
      log = new ArrayList<>(driven.stored.log);
    }

    @Test
    void missingEntryIsRejected() {
      log.remove(3);
      assertRejected("has only 4 entries");
    }

    @Test
    void secondEntryOfSameNumberIsRejected() {
      log.set(3, log.get(2));
      assertRejected("has a wrong entry 2");
    }

    @Test
    void entryOfOtherLogIsRejected() {
      log.add(new byte[] {77});
      assertRejected("has a wrong entry 77");
    }

    @Test
    void changeOfUnknownKindIsRejected() {
      log.set(4, new byte[] {4, 99, 0});
      assertRejected(
          "has an unreadable entry 4 (java.lang.IllegalStateException: no change has the kind 99)");
    }

    @Test
    void truncatedEntryIsRejected() {
      log.set(4, Arrays.copyOf(log.get(4), log.get(4).length - 1));
      assertRejected(
          "has an unreadable entry 4 (java.lang.IllegalStateException: the bytes end within a"
              + " value, at 4)");
    }

    private void assertRejected(String why) {
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class, () -> driven.shard().restore(driven.stored.header, log));
      assertEquals(
          "the log of a shard "
              + why
              + ", and should have those from 0 to 4: the state is damaged; restore an earlier"
              + " savepoint, or start without saved state",
          e.getMessage());
    }
  }

  /** The pages of a site change, while the shard is never empty. */
  @Test
  void pagesOfExpiredVisitsMakeRoom() throws Exception {
    SessionPolicy policy = SessionPolicy.of(Duration.ofSeconds(1), Duration.ZERO);
    SessionShard shard =
        new SessionShard(
            policy, EarlierSessions.NONE, new Random(0), SessionShard.LEAST_BYTES_TO_COMPACT);
    for (int time = 0; time < 20_000; time += 10) {
      List<LocatedVisit> visits = new ArrayList<>();
      for (int i = 5 * time; i < 5 * time + 50; i++) {
        String page = time < 5_000 ? "old page " + i % 2_000 : "new page " + i % 10;
        String visitId = "visit " + time / 2_000 + " " + i % 1_000;
        visits.add(new LocatedVisit(new Visit(visitId, time, null, page), Driven.source()));
      }
      for (VisitPacket packet : VisitPacket.of(visits)) {
        for (VisitCursor visit = packet.cursor(); visit.next(); ) {
          assertTrue(shard.accept(visit, time, time, new ArrayList<>()));
        }
      }
      shard.advance(time, new ArrayList<>());
      shard.commit();
    }
    byte[] page = "new page 3".getBytes(UTF_8);
    assertTrue(shard.index().pages().find(page, 0, page.length) >= 0);
  }

  /** The entries of one visit id do not have its visits again and again. */
  @Test
  void logGrowsWithVisitsOnly() throws Exception {
    Random random = new Random(0);
    Driven driven =
        new Driven(
            new SessionPolicy(
                Duration.ofMillis(9), Duration.ofMillis(9), Duration.ofDays(1), 10, false),
            random);
    long bytes = 0;
    for (int time = 0; time < 300; time++) {
      Stream<Visit> visits =
          Stream.of(
              new Visit("v", time, "u", "p"), new Visit("v", Math.max(0, time - 5), "u", "q"));
      driven.consume(visits.toList());
      driven.advanceTo(time - 2);
      driven.wake();
      assertTrue(driven.stored.header.bytesInLog() < 6_000, driven.stored.header::toString);
      bytes = Math.max(bytes, driven.stored.header.bytesInLog());
    }
    assertTrue(bytes > 1_000);
    driven.finish();
  }
}
