package io.sessionizer.inspect;

import io.sessionizer.sessions.SessionPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What the visits are like: their gaps, their order, their duplicates, and the sessions that they
 * would be. Of the rules of a session, only the gap is applied.
 */
final class Behaviour {
  /** How many sessions are examples. */
  private static final int EXAMPLES = 3;

  private static final int FEW_VISITS = 3;
  private static final int MANY_VISITS = 8;

  /** From this number of visits on, and over this time, a visit id without a pause is notable. */
  private static final int BOT_VISITS = 50;

  private static final long BOT_MILLIS = TimeUnit.HOURS.toMillis(4);

  private final SessionPolicy policy;
  private final Gaps gaps = new Gaps();
  private final List<SampledSession> examples = new ArrayList<>();
  private final List<Long> durations = new ArrayList<>();
  private final List<Long> behind = new ArrayList<>();
  private final List<Long> delays = new ArrayList<>();
  private final List<SampledSession> restless = new ArrayList<>();
  private long visitIds;
  private long duplicates;
  private long single;
  private long earliest = Long.MAX_VALUE;
  private long latest = Long.MIN_VALUE;

  /** The visits of one session, in order. */
  record SampledSession(List<SampledVisit> visits) {
    SampledVisit first() {
      return visits.get(0);
    }

    long durationMillis() {
      return visits.get(visits.size() - 1).timeMillis() - first().timeMillis();
    }
  }

  private Behaviour(SessionPolicy policy) {
    this.policy = policy;
  }

  /** Returns what visits are like that are in the order in which they were read. */
  static Behaviour of(List<SampledVisit> visits, SessionPolicy policy) {
    Behaviour behaviour = new Behaviour(policy);
    behaviour.addInOrderOfReading(visits);
    Map<String, List<SampledVisit>> byId = new TreeMap<>();
    visits.forEach(v -> byId.computeIfAbsent(v.visitId(), id -> new ArrayList<>()).add(v));
    byId.values().forEach(behaviour::addVisitId);
    behaviour.chooseExamples();
    behaviour.restless.sort(
        Comparator.comparingInt((SampledSession s) -> s.visits().size()).reversed());
    behaviour.durations.sort(null);
    behaviour.behind.sort(null);
    behaviour.delays.sort(null);
    return behaviour;
  }

  private void addInOrderOfReading(List<SampledVisit> visits) {
    Map<Integer, Long> newest = new HashMap<>();
    for (SampledVisit visit : visits) {
      long before = newest.getOrDefault(visit.part(), Long.MIN_VALUE);
      if (visit.timeMillis() < before) {
        behind.add(before - visit.timeMillis());
      }
      newest.put(visit.part(), Math.max(before, visit.timeMillis()));
      earliest = Math.min(earliest, visit.timeMillis());
      latest = Math.max(latest, visit.timeMillis());
      if (visit.kafkaMillis() != SampledRecord.NO_TIMESTAMP) {
        delays.add(visit.kafkaMillis() - visit.timeMillis());
      }
    }
  }

  private void addVisitId(List<SampledVisit> visits) {
    visitIds++;
    visits.sort(
        Comparator.comparingLong(SampledVisit::timeMillis)
            .thenComparing(SampledVisit::page, Comparator.nullsFirst(Comparator.naturalOrder())));
    int from = 0;
    for (int at = 1; at < visits.size(); at++) {
      SampledVisit before = visits.get(at - 1);
      SampledVisit visit = visits.get(at);
      long gap = visit.timeMillis() - before.timeMillis();
      if (gap == 0 && Objects.equals(before.page(), visit.page())) {
        duplicates++;
      } else {
        gaps.add(gap);
      }
      if (!policy.withinGap(before.timeMillis(), visit.timeMillis())) {
        addSession(new SampledSession(visits.subList(from, at)));
        from = at;
      }
    }
    SampledSession last = new SampledSession(visits.subList(from, visits.size()));
    addSession(last);
    if (from == 0 && visits.size() >= BOT_VISITS && last.durationMillis() >= BOT_MILLIS) {
      restless.add(last);
    }
  }

  private void addSession(SampledSession session) {
    durations.add(session.durationMillis());
    single += session.visits().size() == 1 ? 1 : 0;
    examples.add(session);
  }

  /** Chooses sessions with a few visits, complete if possible, of different visit ids. */
  private void chooseExamples() {
    List<SampledSession> all = new ArrayList<>(examples);
    examples.clear();
    all.sort(
        Comparator.comparingInt(this::oddness)
            .thenComparingLong(s -> s.first().timeMillis())
            .thenComparing(s -> s.first().visitId()));
    for (SampledSession session : all) {
      boolean isNew =
          examples.stream().noneMatch(e -> e.first().visitId().equals(session.first().visitId()));
      if (examples.size() < EXAMPLES && isNew) {
        examples.add(session);
      }
    }
  }

  private int oddness(SampledSession session) {
    int size = session.visits().size();
    int oddness = size < FEW_VISITS ? 2 * (FEW_VISITS - size) : size > MANY_VISITS ? 1 : 0;
    boolean mayBeCut =
        policy.withinGap(earliest, session.first().timeMillis())
            || policy.withinGap(session.visits().get(size - 1).timeMillis(), latest);
    return 2 * oddness + (mayBeCut ? 1 : 0);
  }

  SessionPolicy policy() {
    return policy;
  }

  Gaps gaps() {
    return gaps;
  }

  /** Returns sessions to show, a few. */
  List<SampledSession> examples() {
    return examples;
  }

  /** Returns how many sessions there are. */
  long sessions() {
    return durations.size();
  }

  /** Returns how many sessions have a single visit. */
  long single() {
    return single;
  }

  /** Returns the median of the sessions' durations, ms. */
  long medianDuration() {
    return percentile(durations, 0.5);
  }

  long visitIds() {
    return visitIds;
  }

  long duplicates() {
    return duplicates;
  }

  /** Returns visit ids that never pause for a session gap, those with most visits first. */
  List<SampledSession> restless() {
    return restless;
  }

  /** Returns how many visits are behind a newer one of their partition or file. */
  long outOfOrder() {
    return behind.size();
  }

  /** Returns how far behind a part of all visits are at most, ms; 1 is all. */
  long outOfOrder(double part, long visits) {
    int inOrder = (int) (visits - behind.size());
    long at = (long) Math.ceil(part * visits) - 1 - inOrder;
    return at < 0 || behind.isEmpty() ? 0 : behind.get((int) Math.min(at, behind.size() - 1));
  }

  /** Whether visits have a Kafka timestamp. */
  boolean hasDelays() {
    return !delays.isEmpty();
  }

  /** Returns how far event times are before Kafka timestamps, ms: of this part of all visits. */
  long delay(double part) {
    return percentile(delays, part);
  }

  /** Returns the time from the first to the last visit, ms. */
  long spanMillis() {
    return latest < earliest ? 0 : latest - earliest;
  }

  long earliest() {
    return earliest;
  }

  long latest() {
    return latest;
  }

  private static long percentile(List<Long> sorted, double part) {
    return sorted.isEmpty()
        ? 0
        : sorted.get((int) Math.min(sorted.size() - 1L, (long) (part * sorted.size())));
  }
}
