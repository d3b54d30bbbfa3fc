package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sessionizer.sessions.SessionChange.Tombstone;
import io.sessionizer.sessions.SessionChange.Upsert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The invariants of the state machine, over random arrivals, watermarks and policies. Times are
 * small numbers, so that visits meet at every limit.
 */
class SessionStateMachineTest {
  private static final long LAST_WATERMARK = 1_000_000;

  /** A visit id on its way: a state machine, driven as the engine drives it. */
  private static final class Driven {
    private final SessionPolicy policy;
    private final List<VisitedPage> accepted = new ArrayList<>();
    private final List<SessionChange> changes = new ArrayList<>();
    private final List<VisitedPage> tooLate = new ArrayList<>();
    private long watermark = Long.MIN_VALUE / 2;
    private final List<VisitedPage> held = new ArrayList<>();
    private @Nullable SessionState state;

    Driven(SessionPolicy policy) {
      this.policy = policy;
    }

    void arrive(VisitedPage... readTogether) {
      SessionStateMachine machine = machine();
      for (VisitedPage visit : readTogether) {
        SessionState before = machine.state();
        if (machine.accept(visit, watermark, changes)) {
          accepted.add(visit);
        } else {
          tooLate.add(visit);
          assertEquals(before, machine.state(), "a refusal changes nothing");
        }
      }
      held.addAll(machine.added());
      state = machine.state();
    }

    private SessionStateMachine machine() {
      return new SessionStateMachine("v", policy, state, () -> List.copyOf(held));
    }

    void advanceTo(long to) {
      watermark = Math.max(watermark, to);
      while (state != null && state.wakeAtMillis(policy) <= watermark) {
        long wakeAt = state.wakeAtMillis(policy);
        SessionStateMachine machine = machine();
        machine.advance(wakeAt, changes);
        if (machine.hasForgotten()) {
          held.clear();
          held.addAll(machine.visits());
        }
        state = machine.state();
        assertTrue(state == null || state.wakeAtMillis(policy) > wakeAt, "a timer makes progress");
      }
    }

    /** What a consumer has that keeps the newest record of every key. */
    Map<String, Upsert> table() {
      Map<String, Upsert> table = new TreeMap<>();
      Map<String, Integer> revisions = new HashMap<>();
      for (SessionChange change : changes) {
        Integer last = revisions.put(change.sessionId(), change.revision());
        assertTrue(last == null || last < change.revision(), "revisions grow: " + change);
        if (change instanceof Upsert upsert) {
          table.put(upsert.sessionId(), upsert);
        } else if (change instanceof Tombstone tombstone) {
          assertTrue(table.containsKey(tombstone.supersededBy()), "upsert before " + tombstone);
          assertTrue(table.remove(tombstone.sessionId()) != null, "something to delete");
        }
      }
      return table;
    }
  }

  private static Driven random(long seed) {
    Random random = new Random(seed);
    int gap = 1 + random.nextInt(8);
    Driven driven =
        new Driven(
            new SessionPolicy(
                Duration.ofMillis(gap),
                Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(24)),
                Duration.ofMillis(random.nextBoolean() ? 1_000 : 1 + random.nextInt(20)),
                random.nextBoolean() ? 1_000 : 1 + random.nextInt(4),
                random.nextInt(4) == 0));
    long now = 0;
    int events = 2 + random.nextInt(40);
    List<VisitedPage> readTogether = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      now += random.nextInt(4) == 0 ? random.nextInt(3 * gap) : random.nextInt(3);
      long behind = random.nextInt(3) == 0 ? random.nextInt(8 * gap + 20) : random.nextInt(4);
      String page = random.nextInt(5) == 0 ? null : "p" + random.nextInt(2);
      readTogether.add(new VisitedPage(now - behind, page, random.nextBoolean() ? "u" : null));
      if (random.nextBoolean()) {
        driven.arrive(readTogether.toArray(VisitedPage[]::new));
        readTogether.clear();
        driven.advanceTo(now - random.nextInt(5));
      }
    }
    driven.arrive(readTogether.toArray(VisitedPage[]::new));
    return driven;
  }

  @Property(tries = 20_000)
  void whatIsPublishedLastIsTheCutOfAllAcceptedVisits(@ForAll long seed) {
    Driven driven = random(seed);
    driven.advanceTo(LAST_WATERMARK);
    assertEquals(model(driven), sessions(driven), () -> driven.policy + " " + driven.accepted);
  }

  @Property(tries = 20_000)
  void nothingIsLeftWhenEverythingIsPastItsLateness(@ForAll long seed) {
    Driven driven = random(seed);
    driven.advanceTo(LAST_WATERMARK);
    assertNull(driven.state);
  }

  /** Whether or not the visits were looked at when they came. */
  @Property(tries = 20_000)
  void nothingIsToBeSaidBeforeTheWatermarkAtWhichThereIsSomethingToDo(@ForAll long seed) {
    Driven driven = random(seed);
    if (driven.state == null) {
      return;
    }
    List<SessionChange> changes = new ArrayList<>();
    driven.machine().advance(driven.watermark, changes);
    assertEquals(List.of(), changes, () -> "due before " + driven.state);
  }

  @Property(tries = 5_000)
  void sessionsOfUnboundedLengthAreAGapApart(@ForAll long seed) {
    Driven driven = random(seed);
    driven.advanceTo(LAST_WATERMARK);
    if (driven.policy.maxPages() < 1_000 || driven.policy.maxDuration().toMillis() < 1_000) {
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
    int refused = driven.tooLate.size();
    driven.arrive(new VisitedPage(Math.max(limit, driven.watermark - behind), "p", null));
    assertEquals(refused, driven.tooLate.size());
  }

  @Property(tries = 5_000)
  void theOrderOfArrivalDoesNotMatterBeforeTheWatermarkMoves(@ForAll long seed) {
    Driven driven = random(seed);
    List<VisitedPage> visits = new ArrayList<>(driven.accepted);
    List<Map<String, Upsert>> tables = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Collections.shuffle(visits, new Random(seed + i));
      Driven again = new Driven(driven.policy);
      visits.forEach(visit -> again.arrive(visit));
      again.advanceTo(LAST_WATERMARK);
      tables.add(again.table());
    }
    assertEquals(tables.get(0), tables.get(1));
  }

  @Property(tries = 2_000)
  void aStateIsTheSameAfterItWasSaved(@ForAll long seed) throws Exception {
    Driven driven = random(seed);
    if (driven.state != null) {
      byte[] saved = CoderUtils.encodeToByteArray(SessionStateCoder.of(), driven.state);
      assertEquals(driven.state, CoderUtils.decodeFromByteArray(SessionStateCoder.of(), saved));
    }
  }

  /** Else a visit id with very many visits would hold up the others. */
  @Test
  void ofVisitsOnTimeNoneTakesALookAtThoseThatAreHeld() {
    Duration gap = Duration.ofMillis(10);
    Driven driven = new Driven(new SessionPolicy(gap, gap, Duration.ofDays(1), 2, false));
    for (long time : List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L)) {
      driven.arrive(visit(time));
    }
    driven.advanceTo(13); // two sessions are out, two more are full
    SessionStateMachine unseeing =
        new SessionStateMachine(
            "v", driven.policy, driven.state, () -> fail("takes a look at what is held"));
    for (long time : List.of(8L, 5L, 4L, 20L, 12L, 40L, 30L)) {
      assertTrue(unseeing.accept(visit(time), driven.watermark, driven.changes));
    }
    assertEquals(2, driven.changes.size());
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

  /** By the words of the contract: sort, cut where the gap is, cut again where the bounds are. */
  private static List<String> model(Driven driven) {
    SessionPolicy policy = driven.policy;
    List<VisitedPage> visits = new ArrayList<>(driven.accepted);
    visits.sort(Comparator.naturalOrder());
    if (policy.deduplicate()) {
      Map<String, VisitedPage> first = new HashMap<>();
      for (VisitedPage visit : visits) {
        String same = visit.eventTimeMillis() + " " + visit.page();
        VisitedPage known = first.get(same);
        if (known == null || known.userId() == null) {
          first.put(same, visit);
        }
      }
      visits = new ArrayList<>(first.values());
      visits.sort(Comparator.naturalOrder());
    }
    List<String> sessions = new ArrayList<>();
    List<VisitedPage> session = new ArrayList<>();
    for (int i = 0; i < visits.size(); i++) {
      session.add(visits.get(i));
      VisitedPage next = i + 1 < visits.size() ? visits.get(i + 1) : null;
      long time = visits.get(i).eventTimeMillis();
      long start = session.get(0).eventTimeMillis();
      boolean gapNext = next == null || next.eventTimeMillis() - time >= policy.gap().toMillis();
      boolean full =
          session.size() >= policy.maxPages() && (next == null || next.eventTimeMillis() > time);
      boolean tooLong =
          next != null && next.eventTimeMillis() - start > policy.maxDuration().toMillis();
      if (gapNext || full || tooLong) {
        EndReason reason =
            full ? EndReason.MAX_PAGES : gapNext ? EndReason.INACTIVITY : EndReason.MAX_DURATION;
        sessions.add(new Session("v", session) + " " + reason);
        session = new ArrayList<>();
      }
    }
    return sessions.stream().sorted().toList();
  }
}
