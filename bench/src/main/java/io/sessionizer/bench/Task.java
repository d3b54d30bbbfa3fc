package io.sessionizer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.records.Session;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A workload's visits, the same every time, and the sessions to be emitted. */
final class Task {
  /** Begins the visit ids of those visits that are there to move time on. */
  static final String MARKER = "the-end-";

  static final Duration GAP = Duration.ofMinutes(16);

  /** The default of {@code --maxPagesPerSession}. No other cap ends a session of a workload. */
  private static final int MAX_PAGES = 10_000;

  /** How far the watermark stays behind, and a little more. */
  private static final Duration OPEN_AT_THE_END = GAP.plus(Duration.ofMinutes(5));

  private final Workload workload;
  private final long size;
  private final long seed;
  private final List<Visit> visits = new ArrayList<>();
  private final Expected expected;
  private final boolean hasLate;
  private long newestMillis;

  /**
   * Generates the visits of a workload.
   *
   * @param size how many there are
   */
  Task(Workload workload, long size, long seed) {
    this.workload = workload;
    this.size = size;
    this.seed = seed;
    Set<String> undecided = new HashSet<>();
    Map<String, String> texts = new HashMap<>();
    for (Iterator<GeneratedVisit> all = generate(); all.hasNext(); ) {
      GeneratedVisit visit = all.next();
      visits.add(parse(visit.value(), texts));
      newestMillis = Math.max(newestMillis, visit.eventTimeMillis());
      if (visit.kind() == Category.LATE) {
        undecided.add(new String(visit.key(), UTF_8));
      }
    }
    this.hasLate = !undecided.isEmpty();
    List<Session> model = model(visits);
    if (workload.isRated()) {
      model.stream()
          .filter(session -> session.endMillis() > newestMillis - OPEN_AT_THE_END.toMillis())
          .forEach(session -> undecided.add(session.visitId()));
    }
    this.expected = new Expected(model, undecided);
    if (!hasLate) {
      visits.clear();
    }
  }

  /** Returns the visits, from the first. */
  Iterator<GeneratedVisit> generate() {
    return workload.visits(size, seed);
  }

  /** Returns the workload. */
  Workload workload() {
    return workload;
  }

  /** Returns how many visits there are. */
  long size() {
    return size;
  }

  /** Returns whether the visits are in compressed files. */
  boolean isCompressed() {
    return workload == Workload.FILES_GZIP;
  }

  /** Returns the newest event time, in epoch milliseconds. */
  long newestMillis() {
    return newestMillis;
  }

  /** Returns whether visits come that are too late for some. */
  boolean hasLateVisits() {
    return hasLate;
  }

  /**
   * Returns the sessions that are the same whoever makes them: not those of visit ids with late
   * visits, nor those that are open when the visits end, if nobody says that they do.
   */
  Expected expected() {
    return expected;
  }

  /** Returns the sessions of all visits but those that were rejected as too late. */
  Expected expectedWithout(List<byte[]> tooLate) {
    Map<Visit, Integer> rejected = new HashMap<>();
    tooLate.forEach(visit -> rejected.merge(parse(visit, new HashMap<>()), 1, Integer::sum));
    List<Visit> accepted = new ArrayList<>();
    for (Visit visit : visits) {
      if (rejected.merge(visit, -1, Integer::sum) < 0) {
        accepted.add(visit);
      }
    }
    return new Expected(model(accepted), Set.of());
  }

  private List<Session> model(List<Visit> visits) {
    List<Session> model = new ArrayList<>();
    for (Session session : ModelSessionizer.sessions(visits, GAP)) {
      if (session.pages().size() > MAX_PAGES && !workload.isOnFiles()) {
        model.addAll(cut(session));
      } else {
        model.add(session);
      }
    }
    return model;
  }

  /** A session that is full ends before the first visit of a later time. */
  private static List<Session> cut(Session session) {
    List<VisitedPage> pages = session.pages();
    List<Session> cut = new ArrayList<>();
    int start = 0;
    for (int at = 1; at <= pages.size(); at++) {
      boolean isEnd = at == pages.size();
      if (isEnd
          || (at - start >= MAX_PAGES
              && pages.get(at).eventTimeMillis() > pages.get(at - 1).eventTimeMillis())) {
        cut.add(new Session(session.visitId(), pages.subList(start, at)));
        start = at;
      }
    }
    return cut;
  }

  /** Parses with one copy of every text, since all visits are in memory at once. */
  private static Visit parse(byte[] value, Map<String, String> texts) {
    try {
      Visit visit = VisitJson.parse(value);
      return new Visit(
          one(visit.visitId(), texts),
          visit.eventTimeMillis(),
          one(visit.userId(), texts),
          one(visit.page(), texts));
    } catch (RejectedVisitException e) {
      throw new IllegalStateException("a malformed record", e);
    }
  }

  private static String one(String text, Map<String, String> texts) {
    return texts.computeIfAbsent(text, first -> first);
  }
}
