package io.sessionizer.inspect;

import io.sessionizer.formats.Condition;
import io.sessionizer.formats.SyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A condition on a field with the names of events: only some of them are visits.
 *
 * @param field in the record
 * @param values those of visits
 */
record Where(String field, List<String> values) {
  private static final Set<String> NAMES =
      Set.of("event", "eventname", "eventtype", "type", "action", "hittype", "e", "kind", "name");

  /** Names of page views, in lower case and without separators. */
  private static final Set<String> PAGE_VIEWS =
      Set.of("pageview", "page", "viewpage", "pageviewed", "screen", "screenview", "pageload");

  /** Returns the condition for the field whose values name events, some of them page views. */
  static @Nullable Where of(FieldTable table) {
    for (FieldStatistics field : table.fields()) {
      List<String> views =
          field.counts().keySet().stream().filter(v -> PAGE_VIEWS.contains(plain(v))).toList();
      boolean isEvent = NAMES.contains(Names.plain(field.field()));
      if (isEvent && !views.isEmpty() && views.size() < field.counts().size()) {
        Where where = new Where(field.field(), views);
        return where.isCondition() ? where : null;
      }
    }
    return null;
  }

  private static String plain(String value) {
    return value.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }

  private boolean isCondition() {
    try {
      return Condition.parse(toString()) != null;
    } catch (SyntaxException e) {
      return false;
    }
  }

  /** Returns a field as conditions have it. */
  static String field(String name) {
    return name.replace(" ", "\\ ");
  }

  /** Returns the other values with how often each is there, the most frequent ones first. */
  String others(FieldTable table) {
    FieldStatistics statistics = table.get(field);
    Map<String, Long> counts = statistics == null ? Map.of() : statistics.counts();
    List<Map.Entry<String, Long>> others =
        counts.entrySet().stream()
            .filter(value -> !values.contains(value.getKey()))
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .toList();
    String shown =
        others.stream()
            .limit(3)
            .map(value -> value.getKey() + " " + NumberText.count(value.getValue()))
            .collect(Collectors.joining(", "));
    return others.size() > 3 ? shown + ", ..." : shown;
  }

  /** Returns the condition as {@code --where} has it. */
  @Override
  public String toString() {
    Stream<String> quoted =
        values.stream().map(value -> '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    return field(field)
        + (values.size() == 1
            ? " = " + quoted.findFirst().get()
            : " in (" + quoted.collect(Collectors.joining(", ")) + ")");
  }
}
