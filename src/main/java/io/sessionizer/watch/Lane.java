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

/**
 * The visits and session records of one visit id. Each has the version of the timeline that it was
 * added in, so that a lane can be drawn as it was. Times are epoch milliseconds. Not thread-safe.
 */
final class Lane {
  private static final int LONGEST_PAGE = 100;
  private static final long NEVER = Long.MAX_VALUE;

  private final String visitId;
  private final SessionPolicy policy;
  private final List<LaneVisit> visits = new ArrayList<>();
  private final List<LaneRecord> records = new ArrayList<>();
  private @Nullable String userId;
  private @Nullable Picture picture;
  private long changedIn;

  /**
   * A visit.
   *
   * @param tooLateIn the version in which it was known to be too late
   */
  private record LaneVisit(
      long time, @Nullable String page, SourcePosition position, long version, long tooLateIn) {}

  private record LaneRecord(SessionRevision revision, long version) {}

  /** Where a visit went. */
  enum Fate {
    /** In no session yet. */
    OPEN,
    /** In a session that was emitted on time. */
    IN_SESSION,
    /** Late: in a session that was emitted, or corrected, because of it. */
    LATE,
    /** Too late: on the topic of late visits. */
    TOO_LATE
  }

  /** A visit and where it went. */
  record Dot(long time, Fate fate, @Nullable String page, SourcePosition position) {}

  /**
   * A session of the sessions topic.
   *
   * @param revision of its newest record that is not a tombstone
   * @param supersededBy the session that has its visits now; null if it was not retracted
   * @param attributes null if it has none, or was retracted
   * @param position of its newest record
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
      @Nullable ShownAttributes attributes,
      SourcePosition position) {
    public boolean isCurrent() {
      return supersededBy == null;
    }

    public boolean isCorrected() {
      return late || revision > 1 || !isCurrent();
    }
  }

  /** Visits within the gap of each other that are in no session yet. */
  record LaneSession(long start, long end, int visits) {}

  /** How many visits a lane has, and how many of them are late and too late. */
  record VisitCounts(int visits, int late, int tooLate) {
    static VisitCounts of(List<Dot> dots) {
      int late = 0;
      int tooLate = 0;
      for (Dot dot : dots) {
        late += dot.fate == Fate.LATE ? 1 : 0;
        tooLate += dot.fate == Fate.TOO_LATE ? 1 : 0;
      }
      return new VisitCounts(dots.size(), late, tooLate);
    }
  }

  /**
   * The lane as it is shown: everything in the order of its time.
   *
   * @param counts of all visits, also where one dot is drawn for several
   * @param first the first event time
   * @param last the last event time
   * @param changedIn the version of the newest visit or record
   */
  record Picture(
      String visitId,
      @Nullable String userId,
      List<Dot> dots,
      VisitCounts counts,
      List<Bar> sessions,
      List<LaneSession> open,
      long first,
      long last,
      long changedIn) {
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

  /**
   * Adds a visit.
   *
   * @param version of the timeline
   */
  void add(Visit visit, SourcePosition position, boolean tooLate, long version) {
    visits.add(
        new LaneVisit(
            visit.eventTimeMillis(),
            shortened(visit.page(), LONGEST_PAGE),
            position,
            version,
            tooLate ? version : NEVER));
    userId = userId == null ? visit.userId() : userId;
    changed(version);
  }

  private void changed(long version) {
    changedIn = version;
    picture = null;
  }

  /** Cuts a text behind so many characters, never within a surrogate pair. */
  static @Nullable String shortened(@Nullable String text, int most) {
    if (text == null || text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? 1 : 0;
    return text.substring(0, most - end) + "…";
  }

  /** Adds a record of the sessions topic, in a version of the timeline. */
  void add(SessionRevision record, long version) {
    records.add(new LaneRecord(record, version));
    userId = userId == null ? record.userId() : userId;
    changed(version);
  }

  /** Marks the visit at {@code position} as too late, if it is of this lane. */
  void isTooLate(SourcePosition position, long version) {
    visits.replaceAll(
        seen ->
            seen.position.equals(position)
                ? new LaneVisit(seen.time, seen.page, seen.position, seen.version, version)
                : seen);
    changed(version);
  }

  /** Returns its share of the memory: as many visits would need as much. */
  int weight() {
    return visits.size() + records.stream().mapToInt(record -> record.revision.weight()).sum();
  }

  /** Returns the newest record of every session that was not retracted. */
  Collection<SessionRevision> sessions() {
    Map<String, SessionRevision> newest = new LinkedHashMap<>();
    for (LaneRecord one : records) {
      SessionRevision record = one.revision;
      if (record.isTombstone()) {
        newest.remove(record.key());
      } else {
        newest.put(record.key(), record);
      }
    }
    return newest.values();
  }

  /** Returns the lane as it is now. */
  Picture picture() {
    if (picture == null) {
      picture = draw(NEVER);
    }
    return picture;
  }

  /** Returns the lane as it was in a version of the timeline; null if there was none. */
  @Nullable Picture picture(long version) {
    if (version >= changedIn) {
      return picture();
    }
    Picture then = draw(version);
    return then.first > then.last ? null : then;
  }

  private Picture draw(long version) {
    List<SessionRevision> revisions =
        records.stream()
            .filter(record -> record.version <= version)
            .map(LaneRecord::revision)
            .toList();
    List<Dot> dots = dots(revisions, version);
    List<Bar> bars = bars(revisions);
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
    return new Picture(
        visitId,
        userId,
        dots,
        VisitCounts.of(dots),
        bars,
        openSessions(dots),
        first,
        last,
        changedIn(version));
  }

  private long changedIn(long version) {
    if (version >= changedIn) {
      return changedIn;
    }
    long changed = 0;
    for (LaneVisit seen : visits) {
      changed = Math.max(changed, seen.version <= version ? seen.version : 0);
      changed = Math.max(changed, seen.tooLateIn <= version ? seen.tooLateIn : 0);
    }
    for (LaneRecord record : records) {
      changed = Math.max(changed, record.version <= version ? record.version : 0);
    }
    return changed;
  }

  private List<Dot> dots(List<SessionRevision> revisions, long version) {
    Map<Long, Integer> countByTime = new HashMap<>();
    List<Dot> dots = new ArrayList<>();
    for (LaneVisit seen : visits) {
      if (seen.version <= version) {
        Fate fate =
            seen.tooLateIn != NEVER && seen.tooLateIn <= version
                ? Fate.TOO_LATE
                : fate(revisions, seen.time, countByTime.merge(seen.time, 1, Integer::sum));
        dots.add(new Dot(seen.time, fate, seen.page, seen.position));
      }
    }
    dots.sort(Comparator.comparingLong(Dot::time));
    return dots;
  }

  /**
   * A visit is late if the first session that has it was emitted because of a late visit. Sessions
   * that start in one millisecond share its visits.
   */
  private static Fate fate(List<SessionRevision> revisions, long time, int ordinalAtTime) {
    Map<String, Integer> inSessionsOfThatStart = new HashMap<>();
    for (SessionRevision record : revisions) {
      int visitsAtThatTime = record.visitsAt(time);
      if (visitsAtThatTime > 0 && record.startMillis() == time) {
        inSessionsOfThatStart.put(record.key(), visitsAtThatTime);
        visitsAtThatTime =
            inSessionsOfThatStart.values().stream().mapToInt(Integer::intValue).sum();
      }
      if (visitsAtThatTime >= ordinalAtTime) {
        return record.late() ? Fate.LATE : Fate.IN_SESSION;
      }
    }
    return Fate.OPEN;
  }

  private static List<Bar> bars(List<SessionRevision> revisions) {
    Map<String, Bar> bars = new LinkedHashMap<>();
    for (SessionRevision record : revisions) {
      bars.compute(
          record.key(),
          (key, before) -> record.isTombstone() ? retracted(before, record) : bar(record));
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
        ShownAttributes.of(record.attributes()),
        record.position());
  }

  /** A tombstone says only that the session was retracted, so the record before it is needed. */
  private static @Nullable Bar retracted(@Nullable Bar before, SessionRevision tombstone) {
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
            null,
            tombstone.position());
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
