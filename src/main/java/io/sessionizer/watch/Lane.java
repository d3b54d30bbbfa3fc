package io.sessionizer.watch;

import io.sessionizer.records.SourcePosition;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.visits.Visit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** All that is known of one visit id. Times are epoch milliseconds. Not thread-safe. */
final class Lane {
  private static final int LONGEST_PAGE = 100;

  private final String visitId;
  private final SessionPolicy policy;
  private final List<LaneVisit> visits = new ArrayList<>();
  private final List<SessionRevision> records = new ArrayList<>();
  private @Nullable String userId;
  private @Nullable Picture picture;

  private record LaneVisit(
      long time, @Nullable String page, SourcePosition place, boolean tooLate) {}

  /** What became of a visit. */
  enum Fate {
    /** In no session yet. */
    OPEN,
    /** In a session that came out in time. */
    IN_SESSION,
    /** Late: in a session that came out, or came out again, because of it. */
    LATE,
    /** Too late: on the topic of late visits. */
    TOO_LATE
  }

  /** A visit and what became of it. */
  record Dot(long time, Fate fate, @Nullable String page, SourcePosition place) {}

  /**
   * A session that is on the topic.
   *
   * @param revision of its newest record that is not a tombstone
   * @param supersededBy the session that has its visits now; null if it is still there
   * @param place of its newest record
   */
  record Bar(
      String key,
      long start,
      long end,
      int visits,
      int revision,
      boolean late,
      @Nullable String endReason,
      @Nullable String supersededBy,
      SourcePosition place) {
    public boolean isThere() {
      return supersededBy == null;
    }

    public boolean isCorrected() {
      return late || revision > 1 || !isThere();
    }
  }

  /** Visits less than the gap apart that are in no session yet. */
  record LaneSession(long start, long end, int visits) {}

  /** The lane as it is to be shown: everything in the order of its time. */
  record Picture(
      String visitId,
      @Nullable String userId,
      List<Dot> dots,
      List<Bar> sessions,
      List<LaneSession> open,
      long first,
      long last) {
    boolean isIn(long from, long to) {
      return first <= to
          && last >= from
          && (dots.stream().anyMatch(dot -> dot.time >= from && dot.time <= to)
              || sessions.stream().anyMatch(bar -> bar.start <= to && bar.end >= from));
    }

    boolean has(Fate fate) {
      return dots.stream().anyMatch(dot -> dot.fate == fate);
    }
  }

  Lane(String visitId, SessionPolicy policy) {
    this.visitId = visitId;
    this.policy = policy;
  }

  void add(Visit visit, SourcePosition place, boolean tooLate) {
    visits.add(new LaneVisit(visit.eventTimeMillis(), shortened(visit.page()), place, tooLate));
    userId = userId == null ? visit.userId() : userId;
    picture = null;
  }

  /** Never cuts a surrogate pair. */
  private static @Nullable String shortened(@Nullable String page) {
    if (page == null || page.length() <= LONGEST_PAGE) {
      return page;
    }
    int end = Character.isHighSurrogate(page.charAt(LONGEST_PAGE - 1)) ? 1 : 0;
    return page.substring(0, LONGEST_PAGE - end) + "…";
  }

  void add(SessionRevision record) {
    records.add(record);
    userId = userId == null ? record.userId() : userId;
    picture = null;
  }

  /** The visit at {@code place} came too late, if it is of this lane. */
  void isTooLate(SourcePosition place) {
    visits.replaceAll(
        seen ->
            seen.place.equals(place)
                ? new LaneVisit(seen.time, seen.page, seen.place, true)
                : seen);
    picture = null;
  }

  /** Returns how many visits and records it holds, which is what it takes of the memory. */
  int weight() {
    return visits.size() + records.size();
  }

  /** Returns the newest record of every session that is there. */
  Collection<SessionRevision> sessions() {
    Map<String, SessionRevision> newest = new LinkedHashMap<>();
    for (SessionRevision record : records) {
      if (record.isTombstone()) {
        newest.remove(record.key());
      } else {
        newest.put(record.key(), record);
      }
    }
    return newest.values();
  }

  Picture picture() {
    if (picture == null) {
      picture = draw();
    }
    return picture;
  }

  private Picture draw() {
    List<Dot> dots = dots();
    List<Bar> bars = bars();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Dot dot : dots) {
      first = Math.min(first, dot.time);
      last = Math.max(last, dot.time);
    }
    for (Bar bar : bars) {
      first = Math.min(first, bar.start);
      last = Math.max(last, bar.end);
    }
    return new Picture(visitId, userId, dots, bars, openSessions(dots), first, last);
  }

  private List<Dot> dots() {
    Map<Long, Integer> soFar = new HashMap<>();
    List<Dot> dots = new ArrayList<>();
    for (LaneVisit seen : visits) {
      Fate fate =
          seen.tooLate ? Fate.TOO_LATE : fate(seen.time, soFar.merge(seen.time, 1, Integer::sum));
      dots.add(new Dot(seen.time, fate, seen.page, seen.place));
    }
    dots.sort(Comparator.comparingLong(Dot::time));
    return dots;
  }

  /**
   * A visit is late if the first session that has it came out because of a late visit. Sessions
   * that start in one millisecond share its visits.
   */
  private Fate fate(long time, int howManyAtThatTime) {
    Map<String, Integer> inThoseThatStart = new HashMap<>();
    for (SessionRevision record : records) {
      int visitsAtThatTime = record.visitsAt(time);
      if (visitsAtThatTime > 0 && record.startMillis() == time) {
        inThoseThatStart.put(record.key(), visitsAtThatTime);
        visitsAtThatTime = inThoseThatStart.values().stream().mapToInt(Integer::intValue).sum();
      }
      if (visitsAtThatTime >= howManyAtThatTime) {
        return record.late() ? Fate.LATE : Fate.IN_SESSION;
      }
    }
    return Fate.OPEN;
  }

  private List<Bar> bars() {
    Map<String, Bar> bars = new LinkedHashMap<>();
    for (SessionRevision record : records) {
      bars.compute(
          record.key(), (key, before) -> record.isTombstone() ? gone(before, record) : bar(record));
    }
    List<Bar> sorted = new ArrayList<>(bars.values());
    sorted.sort(Comparator.comparingLong(Bar::start));
    return sorted;
  }

  private static Bar bar(SessionRevision record) {
    return new Bar(
        record.key(),
        record.startMillis(),
        record.endMillis(),
        record.times().length,
        record.revision(),
        record.late(),
        record.endReason(),
        null,
        record.place());
  }

  /** A tombstone says nothing of the session but that it is gone; that it was there is needed. */
  private static @Nullable Bar gone(@Nullable Bar before, SessionRevision tombstone) {
    return before == null
        ? null
        : new Bar(
            before.key,
            before.start,
            before.end,
            before.visits,
            before.revision,
            before.late,
            before.endReason,
            tombstone.supersededBy() == null ? "" : tombstone.supersededBy(),
            tombstone.place());
  }

  private List<LaneSession> openSessions(List<Dot> dots) {
    List<LaneSession> open = new ArrayList<>();
    for (Dot dot : dots) {
      if (dot.fate != Fate.OPEN) {
        continue;
      }
      int last = open.size() - 1;
      if (last >= 0 && policy.withinGap(open.get(last).end, dot.time)) {
        open.set(last, new LaneSession(open.get(last).start, dot.time, open.get(last).visits + 1));
      } else {
        open.add(new LaneSession(dot.time, dot.time, 1));
      }
    }
    return open;
  }
}
