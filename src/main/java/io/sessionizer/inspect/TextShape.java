package io.sessionizer.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.formats.FormatFlags;
import io.sessionizer.formats.KnownFormats;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How the lines of a text are divided into fields.
 *
 * @param division which of the divisions that are known
 * @param columns the names of the fields
 * @param hasHeader whether the first line has the names
 */
record TextShape(Division division, List<String> columns, boolean hasHeader) {
  /** The members of an access log's line, by nginx's names. */
  static final List<String> ACCESS_LOG =
      List.of(
          "remote_addr",
          "remote_user",
          "time_local",
          "method",
          "target",
          "status",
          "body_bytes_sent",
          "http_referer",
          "http_user_agent");

  /** The columns of an enriched event of Snowplow. */
  static final List<String> SNOWPLOW_COLUMNS =
      KnownFormats.format(KnownFormat.SNOWPLOW_TSV).columns();

  /** The common format of logs, as {@code --recordFormat} has it. */
  static final String COMMON_LOG =
      "(?P<remote_addr>\\S+) \\S+ (?P<remote_user>\\S+) \\[(?P<time_local>[^\\]]*)\\]"
          + " \"(?P<method>[A-Z]+) (?P<target>[^ \"]+)[^\"]*\" (?P<status>[0-9]{3})"
          + " (?P<body_bytes_sent>[0-9]+|-).*";

  /** The common format of logs, and the combined one; other text may follow. */
  private static final Pattern LOG =
      Pattern.compile(
          "(\\S{1,100}) \\S{1,100} (\\S{1,100}) \\[([^\\]]{1,40})\\]"
              + " \"([A-Z]{1,20}) ([^ \"]{1,8000})[^\"]{0,20}\" (\\d{3}) (\\d{1,19}|-)"
              + "(?: \"([^\"]{0,8000})\" \"([^\"]{0,8000})\")?.*",
          Pattern.DOTALL);

  /** How many lines decide. */
  static final int LINES = 200;

  private static final double MOST = 0.9;
  private static final int MAX_COLUMNS = 300;

  /** A division of lines. */
  enum Division {
    ACCESS_LOG("lines of an access log"),
    TSV("tab-separated values"),
    CSV("comma-separated values"),
    OTHER("text that is no access log, TSV or CSV");

    private final String title;

    Division(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** Returns the shape of most of the lines. */
  static TextShape of(Collection<byte[]> lines, boolean mayHaveHeader) {
    List<String> some = lines.stream().limit(LINES).map(line -> new String(line, UTF_8)).toList();
    long logs = some.stream().filter(line -> LOG.matcher(line).matches()).count();
    if (logs >= MOST * some.size()) {
      return new TextShape(Division.ACCESS_LOG, ACCESS_LOG, false);
    }
    for (Division division : List.of(Division.TSV, Division.CSV)) {
      List<List<String>> cells = some.stream().map(line -> cells(division, line)).toList();
      int columns = cells.get(0).size();
      long alike = cells.stream().filter(row -> row.size() == columns).count();
      if (columns > 1 && columns <= MAX_COLUMNS && alike >= MOST * some.size()) {
        boolean hasHeader = mayHaveHeader && isHeader(cells);
        return new TextShape(division, hasHeader ? cells.get(0) : columns(columns), hasHeader);
      }
    }
    return new TextShape(Division.OTHER, List.of(), false);
  }

  /** Whether cells of the first line are different words, which are in no other line. */
  private static boolean isHeader(List<List<String>> cells) {
    List<String> first = cells.get(0);
    boolean areNames =
        first.stream().allMatch(name -> name.matches("[A-Za-z_$][^\\n\"/?]{0,99}"))
            && new HashSet<>(first).size() == first.size();
    for (int row = 1; row < cells.size() && areNames; row++) {
      for (int column = 0; column < Math.min(first.size(), cells.get(row).size()); column++) {
        areNames &= !first.get(column).equals(cells.get(row).get(column));
      }
    }
    return areNames;
  }

  private static List<String> columns(int count) {
    return count == SNOWPLOW_COLUMNS.size()
        ? SNOWPLOW_COLUMNS
        : IntStream.rangeClosed(1, count).mapToObj(i -> "c" + i).toList();
  }

  /** Returns the flags with which a job divides the lines in the same way. */
  Map<String, String> flags() {
    return switch (division) {
      case ACCESS_LOG -> Map.of(FormatFlags.RECORD_FORMAT, "regex:" + COMMON_LOG);
      case TSV, CSV ->
          Map.of(
              FormatFlags.RECORD_FORMAT,
              division == Division.TSV ? "tsv" : "csv",
              FormatFlags.COLUMNS,
              columns.stream()
                  .map(column -> column.replace(",", "\\,"))
                  .collect(Collectors.joining(",")));
      case OTHER -> Map.of();
    };
  }

  /** Whether a line has the names of the columns. */
  boolean isHeader(byte[] line) {
    return hasHeader && cells(division, new String(line, UTF_8)).equals(columns);
  }

  /** Returns the fields of a line; null if it is the header, or divided in another way. */
  @Nullable FlatRecord fields(byte[] line) {
    String text = new String(line, UTF_8);
    Map<String, String> values = new LinkedHashMap<>();
    if (division == Division.ACCESS_LOG) {
      Matcher log = LOG.matcher(text);
      if (!log.matches()) {
        return null;
      }
      for (int i = 0; i < columns.size(); i++) {
        if (log.group(i + 1) != null) {
          values.put(columns.get(i), log.group(i + 1));
        }
      }
      return FlatRecord.of(values);
    }
    List<String> cells = cells(division, text);
    if (division == Division.OTHER || isHeader(line) || cells.size() != columns.size()) {
      return null;
    }
    for (int i = 0; i < cells.size(); i++) {
      values.put(columns.get(i), cells.get(i));
    }
    return FlatRecord.of(values);
  }

  private static List<String> cells(Division division, String line) {
    return division == Division.TSV ? List.of(line.split("\t", -1)) : commaSeparated(line);
  }

  /** Divides a line at commas that are not in quotes; two quotes in quotes are one. */
  private static List<String> commaSeparated(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == ',' && !isQuoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
