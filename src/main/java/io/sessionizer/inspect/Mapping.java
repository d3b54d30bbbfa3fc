package io.sessionizer.inspect;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How records become visits: a format that has a name, or the most likely fields.
 *
 * @param format null if the records have none that is known
 * @param visitId null if no field may be one
 * @param time null if no field may be one
 * @param where which records are visits; null if all are, or a known format decides
 * @param missing texts that stand for no value
 * @param candidates of each field, the most likely one first
 */
record Mapping(
    @Nullable KnownFormat format,
    @Nullable FieldText visitId,
    @Nullable FieldText time,
    TimeFormat timeFormat,
    @Nullable FieldText user,
    @Nullable FieldText page,
    @Nullable Where where,
    Set<String> missing,
    Ranking candidates) {

  /** The field of a record's Kafka timestamp. */
  static final String KAFKA_TIMESTAMP = "kafka:timestamp";

  /** The field of a record's key. */
  static final String KAFKA_KEY = "kafka:key";

  /** The candidates of all fields. */
  record Ranking(
      List<Candidate> visitIds,
      List<Candidate> times,
      List<Candidate> users,
      List<Candidate> pages) {}

  /** Returns the most likely mapping. */
  static Mapping of(FieldTable table, @Nullable TextShape text, boolean hasTimestamps) {
    Candidates all = new Candidates(table);
    Ranking ranking = new Ranking(all.visitIds(), all.times(), all.users(), all.pages());
    KnownFormat format = KnownFormat.of(table, text);
    return format == null ? likely(table, ranking, hasTimestamps) : known(format, ranking);
  }

  private static Mapping known(KnownFormat format, Ranking ranking) {
    return new Mapping(
        format,
        FieldText.of(format.visitId()),
        FieldText.of(format.time()),
        format.timeFormat(),
        format.user() == null ? null : FieldText.of(format.user()),
        FieldText.of(format.page()),
        null,
        // The default format has none.
        format.name().equals(KnownFormat.DEFAULT) ? Set.of() : FieldStatistics.MISSING,
        ranking);
  }

  private static Mapping likely(FieldTable table, Ranking ranking, boolean hasTimestamps) {
    Candidate time = Candidates.firstBut(ranking.times(), Set.of());
    if (time == null && hasTimestamps) {
      time = new Candidate(KAFKA_TIMESTAMP, 0, "");
    }
    FieldStatistics times = time == null ? null : table.get(time.field());
    TimeFormat format = times == null ? null : times.timeFormat();
    Candidate visitId = Candidates.firstBut(ranking.visitIds(), Set.of());
    Candidate user =
        Candidates.firstBut(ranking.users(), visitId == null ? Set.of() : Set.of(visitId.field()));
    Candidate page = Candidates.firstBut(ranking.pages(), Set.of());
    Set<String> missing = new TreeSet<>();
    Set<String> fields = new HashSet<>();
    for (FieldText chosen :
        new @Nullable FieldText[] {text(visitId), text(time), text(user), text(page)}) {
      if (chosen != null) {
        chosen.fields().forEach(fields::add);
      }
    }
    for (String field : fields) {
      FieldStatistics statistics = table.get(field);
      missing.addAll(statistics == null ? Set.of() : statistics.missing());
    }
    return new Mapping(
        null,
        text(visitId),
        text(time),
        Objects.requireNonNullElse(format, time == null ? TimeFormat.ISO : TimeFormat.MILLIS),
        text(user),
        text(page),
        Where.of(table),
        missing,
        ranking);
  }

  private static @Nullable FieldText text(@Nullable Candidate candidate) {
    return candidate == null ? null : FieldText.of(candidate.field());
  }

  /** Whether records become visits without any flag. */
  boolean isDefault() {
    return format != null && format.name().equals(KnownFormat.DEFAULT);
  }

  /** Whether a record is a visit; null if all are. */
  @Nullable Predicate<FlatRecord> visits() {
    return format != null ? format.where() : where == null ? null : where::matches;
  }

  /** Returns which records are visits, for people; empty if all are. */
  String whereText() {
    return format != null ? format.whereText() : where == null ? "" : where.toString();
  }
}
