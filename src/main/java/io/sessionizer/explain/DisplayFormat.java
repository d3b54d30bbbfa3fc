package io.sessionizer.explain;

import io.sessionizer.records.VisitedPage;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Times and counts for people. */
final class DisplayFormat {
  /** How many characters of a text are shown. */
  private static final int LONGEST = 500;

  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

  private DisplayFormat() {}

  /** For example {@code 17 min 3 s}, {@code 1 d 2 h}, {@code 250 ms}. */
  static String duration(long millis) {
    List<String> parts = new ArrayList<>();
    add(parts, millis / DAY, "d");
    add(parts, millis % DAY / HOUR, "h");
    add(parts, millis % HOUR / MINUTE, "min");
    add(parts, millis % MINUTE / SECOND, "s");
    add(parts, millis % SECOND, "ms");
    return parts.isEmpty() ? "0 s" : String.join(" ", parts);
  }

  private static void add(List<String> parts, long count, String unit) {
    if (count > 0) {
      parts.add(count + " " + unit);
    }
  }

  /** As in the JSON of a session: {@code 2024-01-01T00:00:00.000Z}. */
  static String time(long epochMillis, ZoneId zone) {
    return TIME.format(Instant.ofEpochMilli(epochMillis).atZone(zone));
  }

  /** For example {@code 1 visit}, {@code 1,204 visits}. */
  static String count(long count, String singular, String plural) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? singular : plural);
  }

  /** The beginning of a long text. */
  static String shortened(String text) {
    int end = text.offsetByCodePoints(0, Math.min(LONGEST, text.codePointCount(0, text.length())));
    return end == text.length() ? text : text.substring(0, end) + "...";
  }

  /** The page, if there is one. */
  static String page(VisitedPage visited) {
    return visited.page() == null ? "(no page)" : visited.page();
  }
}
