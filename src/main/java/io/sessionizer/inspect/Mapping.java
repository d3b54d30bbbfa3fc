package io.sessionizer.inspect;

import io.sessionizer.formats.EventTimeFormat;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.FormatFlags;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.SyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How records become visits: a format that has a name, or the most likely fields.
 *
 * @param format null if the records have none that is known
 * @param visitId null if no field may be one
 * @param time null if no field may be one
 * @param where which records are visits; null if all are, or a known format decides
 * @param idCondition leaves out records whose visit id is a text that stands for none; or null
 * @param jsonTexts fields that are JSON in a text
 * @param missing texts in these fields that stand for no value
 * @param candidates of each field, the most likely one first
 * @param input how a job reads the records; null without a visit id or an event time
 */
record Mapping(
    @Nullable KnownFormat format,
    @Nullable FieldExpression visitId,
    @Nullable FieldExpression time,
    EventTimeFormat timeFormat,
    @Nullable FieldExpression user,
    @Nullable FieldExpression page,
    @Nullable Where where,
    @Nullable String idCondition,
    List<String> jsonTexts,
    Set<String> missing,
    Ranking candidates,
    @Nullable InputFormat input) {

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
    return format == null
        ? likely(table, text, ranking, hasTimestamps)
        : known(format, jsonTexts(table), ranking);
  }

  /** Returns the fields whose values are nearly all JSON texts, as pointers. */
  private static List<String> jsonTexts(FieldTable table) {
    return table.fields().stream()
        .filter(field -> field.fraction(FieldStatistics.ValueType.JSON_TEXT) > 0.9)
        .map(FieldStatistics::field)
        .map(field -> field.startsWith("/") ? field : "/" + field)
        .toList();
  }

  private static Mapping known(KnownFormat format, List<String> jsonTexts, Ranking ranking) {
    Map<String, String> more = new LinkedHashMap<>();
    put(more, FormatFlags.JSON_TEXT, String.join(",", jsonTexts));
    InputFormat input = format.inputFormat(more);
    return new Mapping(
        format,
        input.visitId(),
        input.eventTime(),
        input.eventTimeFormat(),
        input.userId(),
        input.page(),
        null,
        null,
        jsonTexts,
        Set.of(),
        ranking,
        input);
  }

  private static Mapping likely(
      FieldTable table, @Nullable TextShape text, Ranking ranking, boolean hasTimestamps) {
    FieldExpression time = field(ranking.times(), null);
    if (time == null && hasTimestamps) {
      time = expression(KAFKA_TIMESTAMP);
    }
    FieldStatistics times = time == null ? null : table.get(time.text());
    TimeFormat timeFormat =
        Objects.requireNonNullElse(
            times == null ? null : times.timeFormat(),
            time == null ? TimeFormat.ISO : TimeFormat.MILLIS);
    FieldExpression visitId = field(ranking.visitIds(), null);
    FieldExpression user = field(ranking.users(), visitId);
    FieldExpression page = field(ranking.pages(), null);
    Where where = Where.of(table);
    String idCondition = where == null ? idCondition(visitId, table) : null;
    Map<String, String> flags = new LinkedHashMap<>();
    if (text != null) {
      flags.putAll(text.flags());
    }
    List<String> jsonTexts = jsonTexts(table);
    put(flags, FormatFlags.JSON_TEXT, String.join(",", jsonTexts));
    put(flags, FormatFlags.WHERE, where == null ? idCondition : where.toString());
    put(flags, FormatFlags.VISIT_ID, text(visitId));
    put(flags, FormatFlags.EVENT_TIME, text(time));
    put(flags, FormatFlags.EVENT_TIME_FORMAT, timeFormat.flag());
    put(flags, FormatFlags.USER_ID, Objects.requireNonNullElse(text(user), FormatFlags.NONE));
    put(flags, FormatFlags.PAGE, Objects.requireNonNullElse(text(page), FormatFlags.NONE));
    List<String> problems = new ArrayList<>();
    Set<String> missing = new TreeSet<>();
    Stream.of(text(visitId), text(time), text(user), text(page))
        .map(name -> name == null ? null : table.get(name.replaceFirst("^path\\((.*)\\)$", "$1")))
        .filter(Objects::nonNull)
        .forEach(field -> missing.addAll(field.missing()));
    InputFormat input = InputFormat.read(flags, missing, problems);
    return new Mapping(
        null,
        visitId,
        time,
        input.eventTimeFormat(),
        user,
        page,
        where,
        idCondition,
        jsonTexts,
        missing,
        ranking,
        visitId == null || time == null || !problems.isEmpty() ? null : input);
  }

  /** Returns a condition of the records that have a visit id, if others have a text for none. */
  private static @Nullable String idCondition(@Nullable FieldExpression visitId, FieldTable table) {
    FieldStatistics ids = visitId == null ? null : table.get(visitId.text());
    return ids == null || ids.missing().stream().allMatch(String::isEmpty)
        ? null
        : Where.field(ids.field()) + " != null";
  }

  private static void put(Map<String, String> flags, String flag, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      flags.put(flag, value);
    }
  }

  /** Returns the best candidate that is not {@code other}. */
  private static @Nullable FieldExpression field(
      List<Candidate> candidates, @Nullable FieldExpression other) {
    return candidates.stream()
        .map(Candidate::field)
        .filter(field -> !field.equals(other))
        .findFirst()
        .orElse(null);
  }

  /** Returns a field as a job reads it; null if it cannot be written in a flag. */
  static @Nullable FieldExpression expression(String field) {
    try {
      return FieldExpression.parse(field);
    } catch (SyntaxException e) {
      return null;
    }
  }

  private static @Nullable String text(@Nullable FieldExpression field) {
    return field == null ? null : field.text();
  }

  /** Whether records become visits without any flag. */
  boolean isDefault() {
    return format != null && format.name().equals(KnownFormat.DEFAULT);
  }

  /** Returns which records are visits, on one line; empty if all are. */
  String whereText() {
    if (format == null) {
      return where == null ? "" : where.toString();
    }
    return input == null || input.where() == null
        ? ""
        : input.where().text().replaceAll("\\s+", " ").strip();
  }
}
