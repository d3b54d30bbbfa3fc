package io.sessionizer.watch;

import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.Visit;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Statistics of sessions, once all of them are read. */
final class SessionStatistics implements ResultListener {
  private static final int TOP = 10;

  /** How many days are shown, at most. */
  private static final int DAYS = 60;

  private static final String NO_PAGE = "(no page)";

  private final ZoneId zone;

  /** By key, the newest record. */
  private final Map<String, SessionRevision> sessions = new HashMap<>();

  private final Map<String, Long> deadLetters = new TreeMap<>();
  private final Set<SourcePosition> lateVisits = new HashSet<>();
  private final Histogram lateness = latenessClasses();
  private long records;
  private long corrections;
  private long tombstones;

  /** A text and how often it occurs. */
  record Count(String what, long count) {}

  /** A session in a list. */
  record Listed(
      String visitId, @Nullable String userId, long start, long durationMillis, int pages) {}

  /** All statistics, as the page receives them. */
  record Totals(
      long records,
      long sessions,
      long visits,
      long visitIds,
      @Nullable Long first,
      @Nullable Long last,
      long corrections,
      long tombstones,
      Distributions distributions,
      long bounces,
      long medianMillis,
      List<Count> days,
      List<Count> entryPages,
      List<Count> exitPages,
      List<AttributeStatistics.AttributeSummary> attributes,
      List<Listed> longest,
      long tooLate,
      Histogram lateness,
      List<Count> deadLetters) {}

  /** Counts hours of the day in {@code zone}. */
  SessionStatistics(ZoneId zone) {
    this.zone = zone;
  }

  private static Histogram latenessClasses() {
    return new Histogram()
        .upTo(Duration.ofMinutes(35).toMillis(), "to 35 min")
        .upTo(Duration.ofHours(1).toMillis(), "to 1 h")
        .upTo(Duration.ofHours(2).toMillis(), "to 2 h")
        .upTo(Duration.ofHours(6).toMillis(), "to 6 h")
        .upTo(Duration.ofDays(1).toMillis(), "to 1 day")
        .upTo(Duration.ofDays(7).toMillis(), "to 7 days")
        .upTo(Long.MAX_VALUE, "over 7 days");
  }

  @Override
  public void session(SessionRevision record, long written) {
    records++;
    if (record.isTombstone()) {
      tombstones++;
      sessions.remove(record.key());
      return;
    }
    if (record.late()) {
      corrections++;
    }
    sessions.put(record.key(), record);
  }

  @Override
  public void tooLate(
      Visit visit, long lateByMillis, SourcePosition source, SourcePosition position) {
    if (lateVisits.add(source)) { // after a failure there may be two records
      lateness.add(lateByMillis);
    }
  }

  @Override
  public void deadLetter(Reason reason, SourcePosition source, SourcePosition position) {
    deadLetters.merge(reason.name(), 1L, Long::sum);
  }

  Totals totals() {
    Distributions distributions = new Distributions(zone);
    Map<String, Long> entries = new HashMap<>();
    Map<String, Long> exits = new HashMap<>();
    AttributeStatistics attributes = new AttributeStatistics();
    Set<String> visitIds = new HashSet<>();
    TreeMap<LocalDate, Long> days = new TreeMap<>();
    long bounces = 0;
    Long first = null;
    Long last = null;
    long visits = 0;
    for (SessionRevision session : sessions.values()) {
      distributions.add(session);
      entries.merge(named(session.entryPage()), 1L, Long::sum);
      exits.merge(named(session.exitPage()), 1L, Long::sum);
      visitIds.add(session.visitId());
      visits += session.times().length;
      bounces += session.times().length == 1 ? 1 : 0;
      days.merge(
          LocalDate.ofInstant(Instant.ofEpochMilli(session.startMillis()), zone), 1L, Long::sum);
      if (session.attributes() != null) {
        attributes.add(session.attributes());
      }
      first = first == null ? session.startMillis() : Math.min(first, session.startMillis());
      last = last == null ? session.endMillis() : Math.max(last, session.endMillis());
    }
    return new Totals(
        records,
        sessions.size(),
        visits,
        visitIds.size(),
        first,
        last,
        corrections,
        tombstones,
        distributions,
        bounces,
        medianMillis(),
        newest(days),
        most(entries),
        most(exits),
        attributes.summaries(),
        longest(),
        lateVisits.size(),
        lateness,
        most(deadLetters));
  }

  /** Returns the median duration; of an even number, the mean of the two in the middle. */
  private long medianMillis() {
    long[] durations =
        sessions.values().stream()
            .mapToLong(s -> s.endMillis() - s.startMillis())
            .sorted()
            .toArray();
    int size = durations.length;
    return size == 0 ? 0 : (durations[(size - 1) / 2] + durations[size / 2]) / 2;
  }

  /** Returns the newest days with those between them, oldest first. */
  private static List<Count> newest(NavigableMap<LocalDate, Long> days) {
    List<Count> counts = new ArrayList<>();
    if (!days.isEmpty()) {
      LocalDate last = days.lastKey();
      LocalDate first = last.minusDays(DAYS - 1L);
      LocalDate day = first.isAfter(days.firstKey()) ? first : days.firstKey();
      for (; !day.isAfter(last); day = day.plusDays(1)) {
        counts.add(new Count(day.toString(), days.getOrDefault(day, 0L)));
      }
    }
    return counts;
  }

  private List<Listed> longest() {
    return sessions.values().stream()
        .sorted(
            Comparator.comparingLong((SessionRevision s) -> s.startMillis() - s.endMillis())
                .thenComparing(SessionRevision::key))
        .limit(TOP)
        .map(
            s ->
                new Listed(
                    s.visitId(),
                    s.userId(),
                    s.startMillis(),
                    s.endMillis() - s.startMillis(),
                    s.times().length))
        .toList();
  }

  static List<Count> most(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> new Count(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingLong(Count::count).reversed().thenComparing(Count::what))
        .limit(TOP)
        .toList();
  }

  private static String named(@Nullable String page) {
    return page == null ? NO_PAGE : page;
  }
}
