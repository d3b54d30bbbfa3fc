package io.sessionizer.watch;

import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.visits.Visit;
import io.sessionizer.watch.Lane.Bar;
import io.sessionizer.watch.Lane.Dot;
import io.sessionizer.watch.Lane.Fate;
import io.sessionizer.watch.Lane.Picture;
import io.sessionizer.watch.Lane.VisitCounts;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The records of a job's topics by visit id, up to a number of visits: beyond it, the visit ids
 * that were idle longest are evicted. Times are epoch milliseconds. Thread-safe.
 */
final class Timeline implements ResultListener {
  /** Too-late visits and dead letters are retained up to this number each. */
  private static final int MOST_EXCLUDED = 10_000;

  private final SessionPolicy policy;
  private final int mostVisits;

  /** The visit id that was idle longest is first. */
  private final LinkedHashMap<String, Lane> lanes = new LinkedHashMap<>(1024, 0.75f, true);

  private final Deque<Excluded> tooLate = new ArrayDeque<>();
  private final Deque<Excluded> dead = new ArrayDeque<>();

  /** Positions of late visits. */
  private final Map<SourcePosition, Boolean> tooLatePositions = newest();

  /** Event times around rejected records, by their positions. */
  private final Map<SourcePosition, Long> rejectedNear = newest();

  private final Rate visitRate = new Rate(Clock.systemUTC());
  private final Rate sessionRate = new Rate(Clock.systemUTC());
  private long version;
  private int weight;
  private long visits;
  private long sessionRecords;
  private long corrections;
  private long tooLateVisits;
  private long deadLetters;
  private OptionalLong newestEventTime = OptionalLong.empty();
  private OptionalLong resultsSince = OptionalLong.empty();

  /** Which lanes to show. */
  enum Filter {
    ALL,
    OPEN,
    CLOSED,
    CORRECTED,
    TOO_LATE;

    boolean shows(Picture picture) {
      return switch (this) {
        case ALL -> true;
        case OPEN -> !picture.open().isEmpty();
        case CLOSED -> picture.sessions().stream().anyMatch(Bar::isCurrent);
        case CORRECTED -> picture.sessions().stream().anyMatch(Bar::isCorrected);
        case TOO_LATE -> picture.has(Fate.TOO_LATE);
      };
    }
  }

  /** The order of the lanes; lanes that are equal in it are in that of their visit ids. */
  enum Order {
    /** The newest event time is first. */
    LAST_VISIT,
    /** The lane of the visit or record that was read last is first. */
    LAST_READ,
    /** The lane that starts last is first. */
    FIRST_VISIT,
    /** Most visits first. */
    MOST_VISITS,
    /** The longest time from the first to the last visit is first. */
    LONGEST,
    /** By visit id alone. */
    VISIT_ID;

    /** Returns the place of a lane: the lowest is first. */
    long key(Picture picture) {
      return switch (this) {
        case LAST_VISIT -> -picture.last();
        case LAST_READ -> -picture.changedIn();
        case FIRST_VISIT -> -picture.first();
        case MOST_VISITS -> -picture.counts().visits();
        case LONGEST -> picture.first() - picture.last();
        case VISIT_ID -> 0;
      };
    }
  }

  /**
   * What to show.
   *
   * @param from the earliest event time
   * @param to the latest event time
   * @param filter which lanes
   * @param text only visit ids or user ids that contain it, in any case; all if it is empty
   * @param order of the lanes
   * @param orderedIn the version by which they are ordered, so that lanes stay where they are for a
   *     while; lanes that are newer come last
   * @param version the newest version to show
   * @param firstLane how many lanes to skip
   * @param mostLanes how many lanes to show
   * @param pixels how many columns the picture has: one dot of each kind per column is enough
   */
  record Query(
      long from,
      long to,
      Filter filter,
      String text,
      Order order,
      long orderedIn,
      long version,
      int firstLane,
      int mostLanes,
      int pixels) {}

  /**
   * The lanes that are shown, in their order, and the visits and records that are in none.
   *
   * @param version up to which visits and records are shown
   * @param lanesInAll how many lanes there are in the time that is shown
   */
  record View(
      long version, int lanesInAll, List<Picture> lanes, List<Strip> tooLate, List<Strip> dead) {}

  /**
   * Late visits or dead letters in one column of the time axis.
   *
   * @param count how many
   * @param reason of the first of them
   * @param position of the first of them
   */
  record Strip(long time, int count, String reason, SourcePosition position) {}

  /**
   * The number of visits over time.
   *
   * @param from the start of the first bucket
   * @param step the length of a bucket
   */
  record Overview(long from, long step, int[] visits, int[] late, int[] dead) {}

  /**
   * The current numbers, of the retained records unless it says otherwise.
   *
   * @param visitsPerSecond the visits written in each second of the last minute, oldest first
   * @param sessionsPerSecond the same of session records that are not tombstones
   * @param resultsSince when the oldest record of the output topics that was read was written; null
   *     if none was read
   */
  record Numbers(
      long version,
      long[] visitsPerSecond,
      long[] sessionsPerSecond,
      long visitsRead,
      long sessionRecordsRead,
      long corrections,
      long tooLate,
      long deadLetters,
      int open,
      int sessions,
      int lanes,
      int retained,
      @Nullable Long resultsSince,
      @Nullable Long newestEventTime) {}

  private record Excluded(
      @Nullable Long time,
      String reason,
      SourcePosition source,
      SourcePosition position,
      long version) {}

  /**
   * Creates an empty one.
   *
   * @param policy by which visits are one session
   * @param mostVisits how many visits it retains at most, and as many records of sessions
   */
  Timeline(SessionPolicy policy, int mostVisits) {
    this.policy = policy;
    this.mostVisits = mostVisits;
  }

  /**
   * Adds a visit.
   *
   * @param written when the record was written
   */
  synchronized void visit(Visit visit, long written, SourcePosition position) {
    version++;
    lane(visit.visitId()).add(visit, position, tooLatePositions.containsKey(position), version);
    long time = visit.eventTimeMillis();
    visits++;
    weight++;
    visitRate.count(written);
    newestEventTime = OptionalLong.of(Math.max(time, newestEventTime.orElse(time)));
    evict();
  }

  /** Adds a rejected record; {@code near} is the event time of the visits around it. */
  synchronized void rejected(long near, SourcePosition position) {
    version++;
    rejectedNear.put(position, near);
  }

  /** Adds that a record of the output topics was written. */
  synchronized void resultWritten(long written) {
    resultsSince = OptionalLong.of(Math.min(written, resultsSince.orElse(written)));
  }

  @Override
  public synchronized void session(SessionRevision record, long written) {
    version++;
    lane(record.visitId()).add(record, version);
    sessionRecords++;
    weight += record.weight();
    if (record.isTombstone() || record.late() || record.revision() > 1) {
      corrections++;
    }
    if (!record.isTombstone()) {
      sessionRate.count(written);
    }
    evict();
  }

  @Override
  public synchronized void tooLate(
      Visit visit, long lateByMillis, SourcePosition source, SourcePosition position) {
    version++;
    tooLatePositions.put(source, true);
    Lane lane = lanes.get(visit.visitId());
    if (lane != null) {
      lane.isTooLate(source, version);
    }
    String reason = "too late by " + lateByMillis + " ms";
    add(tooLate, new Excluded(visit.eventTimeMillis(), reason, source, position, version));
    tooLateVisits++;
  }

  @Override
  public synchronized void deadLetter(
      Reason reason, SourcePosition source, SourcePosition position) {
    version++;
    add(dead, new Excluded(null, reason.name(), source, position, version));
    deadLetters++;
  }

  synchronized long version() {
    return version;
  }

  synchronized Numbers numbers(long now) {
    int open = 0;
    int sessions = 0;
    for (Lane lane : lanes.values()) {
      Picture picture = lane.picture();
      open += picture.open().size();
      sessions += (int) picture.sessions().stream().filter(Bar::isCurrent).count();
    }
    return new Numbers(
        version,
        visitRate.lastMinute(now),
        sessionRate.lastMinute(now),
        visits,
        sessionRecords,
        corrections,
        tooLateVisits,
        deadLetters,
        open,
        sessions,
        lanes.size(),
        weight,
        known(resultsSince),
        known(newestEventTime));
  }

  private static @Nullable Long known(OptionalLong time) {
    return time.isPresent() ? time.getAsLong() : null;
  }

  /** A lane in its place. */
  private record Placed(Picture picture, boolean isNew, long key) {}

  synchronized View view(Query query) {
    List<Placed> shown = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      Picture picture = lane.picture(query.version);
      if (picture != null && picture.isIn(query.from, query.to) && isWanted(picture, query)) {
        shown.add(place(lane, picture, query));
      }
    }
    shown.sort(
        Comparator.comparing(Placed::isNew)
            .thenComparingLong(Placed::key)
            .thenComparing(placed -> placed.picture.visitId()));
    int first = Math.min(query.firstLane, shown.size());
    List<Placed> window = shown.subList(first, Math.min(first + query.mostLanes, shown.size()));
    return new View(
        Math.min(version, query.version),
        shown.size(),
        window.stream().map(placed -> inTime(placed.picture, query)).toList(),
        strips(tooLate, query),
        strips(dead, query));
  }

  private static Placed place(Lane lane, Picture picture, Query query) {
    if (query.orderedIn >= picture.changedIn()) {
      return new Placed(picture, false, query.order.key(picture));
    }
    Picture then = lane.picture(query.orderedIn);
    return then == null
        ? new Placed(picture, true, picture.first())
        : new Placed(picture, false, query.order.key(then));
  }

  /**
   * Returns the first and last event time of the visits whose visit id or user id contains a text;
   * empty without any.
   *
   * @param version the newest version of a visit
   */
  synchronized long[] extent(String text, long version) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Lane lane : lanes.values()) {
      Picture picture = lane.picture(version);
      if (picture != null && matches(picture, text)) {
        first = Math.min(first, picture.first());
        last = Math.max(last, picture.last());
      }
    }
    return first > last ? new long[0] : new long[] {first, last};
  }

  /**
   * Returns the number of visits over time, from the first to the last.
   *
   * @param version the newest version of a visit
   */
  synchronized Overview overview(int buckets, long version) {
    long[] extent = extent("", version);
    if (extent.length == 0) {
      return new Overview(0, 1, new int[0], new int[0], new int[0]);
    }
    long step = Math.max(1, (extent[1] - extent[0]) / buckets + 1);
    Overview overview =
        new Overview(extent[0], step, new int[buckets], new int[buckets], new int[buckets]);
    for (Lane lane : lanes.values()) {
      Picture picture = lane.picture(version);
      for (Dot dot : picture == null ? List.<Dot>of() : picture.dots()) {
        int bucket = (int) ((dot.time() - extent[0]) / step);
        overview.visits[bucket]++;
        if (dot.fate() == Fate.LATE || dot.fate() == Fate.TOO_LATE) {
          overview.late[bucket]++;
        }
      }
    }
    for (Excluded letter : dead) {
      Long time = timeOf(letter);
      if (time != null && letter.version <= version && time >= extent[0] && time <= extent[1]) {
        overview.dead[(int) ((time - extent[0]) / step)]++;
      }
    }
    return overview;
  }

  /** Returns the distributions of the sessions that were not retracted. */
  synchronized Distributions distributions(ZoneId zone) {
    Distributions distributions = new Distributions(zone);
    for (Lane lane : lanes.values()) {
      lane.sessions().forEach(distributions::add);
    }
    return distributions;
  }

  private Lane lane(String visitId) {
    return lanes.computeIfAbsent(visitId, id -> new Lane(id, policy));
  }

  private void evict() {
    while (weight > 2 * mostVisits && lanes.size() > 1) {
      var idlest = lanes.values().iterator();
      weight -= idlest.next().weight();
      idlest.remove();
    }
  }

  private static void add(Deque<Excluded> all, Excluded one) {
    all.addLast(one);
    if (all.size() > MOST_EXCLUDED) {
      all.removeFirst();
    }
  }

  private static boolean isWanted(Picture picture, Query query) {
    return query.filter.shows(picture) && matches(picture, query.text);
  }

  private static boolean matches(Picture picture, String text) {
    String wanted = text.toLowerCase(Locale.ROOT);
    return picture.visitId().toLowerCase(Locale.ROOT).contains(wanted)
        || (picture.userId() != null && picture.userId().toLowerCase(Locale.ROOT).contains(wanted));
  }

  /** Returns the part of a lane within a time, of dots that would cover one another only one. */
  private static Picture inTime(Picture picture, Query query) {
    List<Dot> dots =
        picture.dots().stream()
            .filter(dot -> dot.time() >= query.from && dot.time() <= query.to)
            .toList();
    return new Picture(
        picture.visitId(),
        picture.userId(),
        thinned(dots, query),
        VisitCounts.of(dots),
        picture.sessions().stream()
            .filter(bar -> bar.start() <= query.to && bar.end() >= query.from)
            .toList(),
        picture.open().stream()
            .filter(open -> open.start() <= query.to && open.end() >= query.from)
            .toList(),
        picture.first(),
        picture.last(),
        picture.changedIn());
  }

  private static List<Dot> thinned(List<Dot> dots, Query query) {
    long column = column(query);
    List<Dot> thinned = new ArrayList<>();
    Map<Fate, Long> lastColumns = new EnumMap<>(Fate.class);
    for (Dot dot : dots) {
      long at = (dot.time() - query.from) / column;
      if (!Objects.equals(lastColumns.put(dot.fate(), at), at)) {
        thinned.add(dot);
      }
    }
    return thinned;
  }

  private static long column(Query query) {
    return Math.max(1, (query.to - query.from) / Math.max(1, query.pixels));
  }

  private List<Strip> strips(Deque<Excluded> all, Query query) {
    long column = 8 * column(query); // as wide as its symbol
    Map<Long, Strip> strips = new LinkedHashMap<>();
    for (Excluded one : all) {
      Long time = timeOf(one);
      if (time != null && one.version <= query.version && time >= query.from && time <= query.to) {
        strips.merge(
            (time - query.from) / column,
            new Strip(time, 1, one.reason, one.position),
            (before, more) ->
                new Strip(before.time, before.count + 1, before.reason, before.position));
      }
    }
    return List.copyOf(strips.values());
  }

  private @Nullable Long timeOf(Excluded one) {
    return one.time != null ? one.time : rejectedNear.get(one.source);
  }

  private static <V> Map<SourcePosition, V> newest() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<SourcePosition, V> eldest) {
        return size() > MOST_EXCLUDED;
      }
    };
  }
}
