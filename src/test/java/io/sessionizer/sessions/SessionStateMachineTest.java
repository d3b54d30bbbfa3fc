package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/**
 * The invariants of the state machine, over random visits, watermarks and policies. Times are small
 * numbers, so that visits meet at every limit.
 */
class SessionStateMachineTest {
  private static final long LAST_WATERMARK = 1_000_000;

  /** A visit id on its way: a state machine, driven as the engine drives it. */
  private static final class Driven {
    private final SessionPolicy policy;
    private final boolean oneByOne;
    private final List<VisitedPage> accepted = new ArrayList<>();
    private final List<SessionRecord> changes = new ArrayList<>();
    private final List<VisitedPage> tooLate = new ArrayList<>();
    private long watermark = Long.MIN_VALUE / 2;
    private int seen;
    private final List<VisitedPage> stored = new ArrayList<>();
    private SessionState state = SessionState.EMPTY;

    Driven(SessionPolicy policy) {
      this(policy, false);
    }

    Driven(SessionPolicy policy, boolean oneByOne) {
      this.policy = policy;
      this.oneByOne = oneByOne;
    }

    void consume(VisitedPage... readTogether) {
      if (oneByOne && readTogether.length > 1) {
        Stream.of(readTogether).forEach(visit -> consume(visit));
        return;
      }
      BufferedPages visits = visits();
      SessionStateMachine machine = machine(visits);
      int before = changes.size();
      for (VisitedPage visit : readTogether) {
        SessionState beforeIt = machine.state();
        if (machine.accept(visit, watermark)) {
          accepted.add(visit);
        } else {
          tooLate.add(visit);
          assertEquals(beforeIt, machine.state(), "a rejection changes nothing");
        }
      }
      machine.amend(changes);
      assertEachSessionOnce(changes.subList(before, changes.size()));
      stored.addAll(visits.added());
      state = machine.state();
    }

    private static void assertEachSessionOnce(List<SessionRecord> together) {
      List<String> ids = together.stream().map(change -> change.sessionId().toString()).toList();
      assertEquals(List.copyOf(new LinkedHashSet<>(ids)), ids, together::toString);
    }

    private BufferedPages visits() {
      return new BufferedPages(() -> List.copyOf(stored), policy.deduplicate());
    }

    private SessionStateMachine machine(BufferedPages visits) {
      return new SessionStateMachine("v", policy, state, visits);
    }

    void advanceTo(long to) {
      watermark = Math.max(watermark, to);
      while (!state.isEmpty() && state.wakeAtMillis(policy) <= watermark) {
        long wakeAt = state.wakeAtMillis(policy);
        BufferedPages visits = visits();
        SessionStateMachine machine = machine(visits);
        machine.advance(wakeAt, changes);
        if (visits.hasEvicted()) {
          stored.clear();
          stored.addAll(visits.pages());
        }
        state = machine.state();
        assertTrue(
            state.isEmpty() || state.wakeAtMillis(policy) > wakeAt, "a timer makes progress");
      }
    }

    /** The changes published since the last call. */
    List<SessionRecord> newChanges() {
      List<SessionRecord> unseen = List.copyOf(changes.subList(seen, changes.size()));
      seen = changes.size();
      return unseen;
    }

    /** What a consumer has that keeps the newest record of every key. */
    Map<String, Upsert> table() {
      Map<String, Upsert> table = new TreeMap<>();
      Map<String, Integer> revisions = new HashMap<>();
      for (SessionRecord change : changes) {
        Integer last = revisions.put(change.sessionId().toString(), change.revision());
        assertTrue(last == null || last < change.revision(), "revisions grow: " + change);
        if (change instanceof Upsert upsert) {
          Upsert old = table.put(upsert.sessionId().toString(), upsert);
          // A session may accept a visit, and lose it again to one of the same millisecond that
          // leaves no room for both, or to one not behind it that has another value. Nothing shows
          // that it was undone, since it was never published.
          assertTrue(
              old == null
                  || !old.session().equals(upsert.session())
                  || !old.endReason().equals(upsert.endReason())
                  || upsert.endReason().equals(EndReason.MAX_BYTES)
                  || upsert.endReason().cause() == EndReason.Cause.CHANGED,
              "a correction changes something: " + change);
        } else if (change instanceof Tombstone tombstone) {
          assertTrue(
              table.containsKey(tombstone.supersededBy().toString()), "upsert before " + tombstone);
          assertTrue(table.remove(tombstone.sessionId().toString()) != null, "something to delete");
        }
      }
      return table;
    }
  }

  private static Driven random(long seed) {
    return random(seed, false);
  }

  private static Driven random(long seed, boolean oneByOne) {
    Random random = new Random(seed);
    int gap = 1 + random.nextInt(8);
    Driven driven =
        new Driven(
            new SessionPolicy(
                    Duration.ofMillis(gap),
                    Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(24)),
                    Duration.ofMillis(random.nextBoolean() ? 1_000 : 1 + random.nextInt(20)),
                    random.nextBoolean() ? 1_000 : 1 + random.nextInt(4),
                    random.nextBoolean() ? 900_000 : SessionBytes.FRAME + 3 + random.nextInt(250),
                    random.nextInt(4) == 0)
                .with(
                    AnyRules.of(
                        random,
                        List.of("", "p".repeat(9), "p".repeat(18)),
                        List.of("", "u".repeat(9), "u".repeat(18)))),
            oneByOne);
    long now = -random.nextInt(40);
    int events = 2 + random.nextInt(40);
    List<VisitedPage> readTogether = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      now += random.nextInt(4) == 0 ? random.nextInt(3 * gap) : random.nextInt(3);
      long behind = random.nextInt(3) == 0 ? random.nextInt(8 * gap + 20) : random.nextInt(4);
      String page = random.nextInt(5) == 0 ? null : "p".repeat(random.nextInt(3) * 9);
      String user = random.nextBoolean() ? "u".repeat(random.nextInt(3) * 9) : null;
      readTogether.add(new VisitedPage(now - behind, page, user, AnyFields.of(random)));
      if (random.nextBoolean()) {
        driven.consume(readTogether.toArray(VisitedPage[]::new));
        readTogether.clear();
        driven.advanceTo(now - random.nextInt(5));
      }
    }
    driven.consume(readTogether.toArray(VisitedPage[]::new));
    return driven;
  }

  @Property(tries = 20_000)
  void publishesCutOfAllAcceptedVisits(@ForAll long seed) {
    Driven driven = random(seed);
    driven.advanceTo(LAST_WATERMARK);
    assertEquals(model(driven), sessions(driven), () -> driven.policy + " " + driven.accepted);
  }

  @Property(tries = 5_000)
  void visitsReadTogetherMatchOneByOne(@ForAll long seed) {
    Driven together = random(seed);
    Driven oneByOne = random(seed, true);
    assertEquals(oneByOne.accepted, together.accepted);
    assertEquals(oneByOne.tooLate, together.tooLate);
    together.advanceTo(LAST_WATERMARK);
    oneByOne.advanceTo(LAST_WATERMARK);
    assertEquals(sessions(oneByOne), sessions(together));
    assertTrue(together.changes.size() <= oneByOne.changes.size());
  }

  @Property(tries = 20_000)
  void keepsNoStatePastLateness(@ForAll long seed) {
    Driven driven = random(seed);
    driven.advanceTo(LAST_WATERMARK);
    assertEquals(SessionState.EMPTY, driven.state);
    assertEquals(List.of(), driven.stored);
  }

  /** Whether or not the visits were loaded when they were consumed. */
  @Property(tries = 20_000)
  void publishesNothingBeforeNextAction(@ForAll long seed) {
    Driven driven = random(seed);
    if (driven.state.isEmpty() || driven.state.wakeAtMillis(driven.policy) <= driven.watermark) {
      return;
    }
    List<SessionRecord> changes = new ArrayList<>();
    driven.machine(driven.visits()).advance(driven.watermark, changes);
    assertEquals(List.of(), changes, () -> "next action before " + driven.state);
  }

  @Property(tries = 5_000)
  void unboundedSessionsAreGapApart(@ForAll long seed) {
    Driven driven = random(seed);
    driven.advanceTo(LAST_WATERMARK);
    if (driven.policy.maxPages() < 1_000
        || driven.policy.maxDuration().toMillis() < 1_000
        || driven.policy.maxBytes() < 900_000
        || !driven.policy.rules().isNone()) {
      return;
    }
    List<Session> sessions =
        new ArrayList<>(driven.table().values().stream().map(Upsert::session).toList());
    sessions.sort(Comparator.comparingLong(Session::startMillis));
    for (int i = 1; i < sessions.size(); i++) {
      assertTrue(
          sessions.get(i).startMillis() - sessions.get(i - 1).endMillis()
              >= driven.policy.gap().toMillis(),
          sessions::toString);
    }
  }

  @Property(tries = 5_000)
  void everyVisitWithinTheLatenessIsAccepted(
      @ForAll long seed, @ForAll @IntRange(max = 40) int behind) {
    Driven driven = random(seed);
    driven.advanceTo(0);
    SessionPolicy policy = driven.policy;
    long limit =
        driven.watermark - policy.gap().toMillis() + 1 - policy.allowedLateness().toMillis();
    int rejected = driven.tooLate.size();
    driven.consume(new VisitedPage(Math.max(limit, driven.watermark - behind), "p", null));
    assertEquals(rejected, driven.tooLate.size());
  }

  @Property(tries = 5_000)
  void orderIsIrrelevantBeforeWatermarkMoves(@ForAll long seed) {
    Driven driven = random(seed);
    List<VisitedPage> visits = new ArrayList<>(driven.accepted);
    List<Map<String, Upsert>> tables = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Collections.shuffle(visits, new Random(seed + i));
      Driven again = new Driven(driven.policy);
      visits.forEach(visit -> again.consume(visit));
      again.advanceTo(LAST_WATERMARK);
      tables.add(again.table());
    }
    assertEquals(tables.get(0), tables.get(1));
  }

  @Property(tries = 2_000)
  void savedStateIsReadBackEqual(@ForAll long seed) throws Exception {
    Driven driven = random(seed);
    if (!driven.state.isEmpty()) {
      byte[] saved = CoderUtils.encodeToByteArray(SessionStateCoder.of(), driven.state);
      assertEquals(driven.state, CoderUtils.decodeFromByteArray(SessionStateCoder.of(), saved));
    }
  }

  /** Some of the scripts above must come to what is rare. */
  @Test
  void scriptsReachEveryEndAndOrdinals() {
    Set<EndReason.Cause> reasons = EnumSet.noneOf(EndReason.Cause.class);
    int ordinals = 0;
    int afterOthersExpired = 0;
    int corrected = 0;
    for (long seed = 0; seed < 2_000; seed++) {
      Driven driven = random(seed);
      afterOthersExpired += driven.state.firstOrdinal() > 0 ? 1 : 0;
      driven.advanceTo(LAST_WATERMARK);
      for (SessionRecord change : driven.changes) {
        if (change instanceof Upsert upsert) {
          reasons.add(upsert.endReason().cause());
          ordinals += upsert.session().ordinal() > 0 ? 1 : 0;
          corrected += upsert.session().ordinal() > 0 && upsert.revision() > 1 ? 1 : 0;
        }
      }
    }
    assertEquals(EnumSet.allOf(EndReason.Cause.class), reasons);
    assertTrue(
        Math.min(Math.min(ordinals, afterOthersExpired), corrected) > 10,
        List.of(ordinals, afterOthersExpired, corrected)::toString);
  }

  /** Else a visit id with very many visits would delay the others. */
  @Test
  void onTimeVisitsLoadNoBufferedPages() {
    Duration gap = Duration.ofMillis(10);
    Driven driven = new Driven(new SessionPolicy(gap, gap, Duration.ofDays(1), 2, false));
    for (long time : List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L)) {
      driven.consume(visit(time));
    }
    driven.advanceTo(13); // two sessions are published, two more are full
    SessionStateMachine unseeing =
        new SessionStateMachine(
            "v",
            driven.policy,
            driven.state,
            new BufferedPages(() -> fail("loads the stored visits"), false));
    for (long time : List.of(8L, 5L, 4L, 20L, 12L, 40L, 30L)) {
      assertTrue(unseeing.accept(visit(time), driven.watermark));
    }
    assertEquals(2, driven.changes.size());
  }

  /** A late visit is published before the timer of an earlier session has fired. */
  @Test
  void lateTimerLosesNoSession() {
    Duration gap = Duration.ofMillis(10);
    Driven driven = new Driven(SessionPolicy.of(gap, gap.multipliedBy(10)));
    driven.consume(visit(0));
    driven.watermark = 40;
    driven.consume(visit(20));
    assertEquals(1, driven.newChanges().size());

    driven.advanceTo(40);

    assertEquals(Set.of("v@0", "v@20"), driven.table().keySet());
  }

  /** The numbers of the class comment. */
  @Test
  void workedExample() {
    long minute = Duration.ofMinutes(1).toMillis();
    Driven v = new Driven(SessionPolicy.of(Duration.ofMinutes(16), Duration.ofMinutes(20)));
    v.advanceTo(5 * minute);
    v.consume(visit(0), visit(10 * minute));
    assertEquals(26 * minute, v.state.wakeAtMillis(v.policy));

    v.advanceTo(26 * minute);
    assertEquals(List.of(upsert(1, Timing.ON_TIME, 0, 10)), v.newChanges());
    assertEquals(62 * minute - 1, v.state.wakeAtMillis(v.policy));

    v.advanceTo(30 * minute);
    v.consume(visit(36 * minute));
    v.advanceTo(52 * minute);
    assertEquals(List.of(upsert(1, Timing.ON_TIME, 36)), v.newChanges());

    v.advanceTo(55 * minute);
    v.consume(visit(23 * minute));
    assertEquals(
        List.of(
            upsert(2, Timing.LATE, 0, 10, 23, 36),
            new Tombstone(
                new SessionId("v", new SessionStart(36 * minute, 0)),
                2,
                new SessionId("v", new SessionStart(0, 0)))),
        v.newChanges());

    v.consume(visit(15 * minute));
    assertEquals(List.of(upsert(3, Timing.LATE, 0, 10, 15, 23, 36)), v.newChanges());

    v.advanceTo(88 * minute - 2);
    assertTrue(!v.state.isEmpty());
    v.advanceTo(88 * minute - 1);
    assertEquals(SessionState.EMPTY, v.state);

    v.advanceTo(88 * minute);
    v.consume(visit(51 * minute));
    assertEquals(List.of(visit(51 * minute)), v.tooLate);
    assertEquals(List.of(), v.newChanges());
  }

  private static Upsert upsert(int revision, Timing timing, int... minutes) {
    return new Upsert(
        new Session(
            "v",
            IntStream.of(minutes)
                .mapToObj(at -> visit(Duration.ofMinutes(at).toMillis()))
                .toList()),
        revision,
        timing,
        EndReason.INACTIVITY);
  }

  private static VisitedPage visit(long time) {
    return new VisitedPage(time, "p", null);
  }

  private static List<String> sessions(Driven driven) {
    return driven.table().values().stream()
        .map(upsert -> upsert.session() + " " + upsert.endReason())
        .sorted()
        .toList();
  }

  private static List<String> model(Driven driven) {
    return NaiveSessions.of("v", driven.accepted, driven.policy);
  }
}
