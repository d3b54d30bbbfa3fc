package io.sessionizer.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures as tables in Markdown, which are also easy to read as they are. */
final class ResultTable {
  private static final double MEGA = 1 << 20;

  /** A cell that is not a number is to the left. */
  private static final String NUMBER = "-|-?[\\d.,]+%?";

  private ResultTable() {}

  /** Returns the lines of all tables. */
  static List<String> of(BenchmarkResults results) {
    List<String> lines = new ArrayList<>();
    for (List<List<String>> table : List.of(runs(results), runsOnFiles(results), costs(results))) {
      if (table.size() > 1) {
        if (!lines.isEmpty()) {
          lines.add("");
        }
        lines.addAll(lines(table));
      }
    }
    return lines;
  }

  /** Returns the lines of a table of goals. */
  static List<String> ofGoals(List<Goal> goals) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("goal", "measured", "limit", "result"));
    for (Goal goal : goals) {
      rows.add(
          List.of(
              goal.figure(),
              number("%.2f", goal.measured()),
              (goal.isMost() ? "at most " : "at least ")
                  + String.format(Locale.ROOT, goal.limit() < 100 ? "%.2f" : "%.0f", goal.limit()),
              goal.verdict()));
    }
    return lines(rows);
  }

  private static List<List<String>> runs(BenchmarkResults results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "workload",
            "visits",
            "contender",
            "visits/CPU-s",
            "to native",
            "CPU-s",
            "visits/s",
            "wall s",
            "peak MB",
            "live heap MB",
            "heap B/open visit",
            "state B/open visit",
            "checkpoint MB",
            "checkpoint ms",
            "others' CPU",
            "output"));
    addRows(results, false, ResultTable::row, rows);
    return rows;
  }

  private interface Row {
    List<String> of(BenchmarkResults results, Scenario scenario, Contender contender);
  }

  private static void addRows(
      BenchmarkResults results, boolean onFiles, Row row, List<List<String>> rows) {
    results
        .runs()
        .forEach(
            (scenario, contenders) -> {
              if (scenario.workload().isOnFiles() == onFiles) {
                contenders
                    .keySet()
                    .forEach(contender -> rows.add(row.of(results, scenario, contender)));
              }
            });
  }

  private static List<List<String>> runsOnFiles(BenchmarkResults results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "workload",
            "visits",
            "contender",
            "CPU-s",
            "to DuckDB",
            "to floor",
            "visits/CPU-s",
            "visits/s",
            "wall s",
            "peak MB",
            "to DuckDB",
            "others' CPU",
            "output"));
    addRows(results, true, ResultTable::rowOnFiles, rows);
    return rows;
  }

  private static List<String> rowOnFiles(
      BenchmarkResults results, Scenario scenario, Contender contender) {
    String problem = results.problem(scenario, contender);
    double cpu = results.median(scenario, contender, Run::cpuSeconds);
    double peak = results.median(scenario, contender, Run::peakBytes);
    double others = results.median(scenario, contender, Run::othersCpuSeconds);
    return List.of(
        scenario.workload().toString(),
        String.format(Locale.ROOT, "%,d", scenario.visits()),
        contender.toString(),
        number("%.1f", cpu),
        ratio(cpu, results.median(scenario, Contender.DUCKDB, Run::cpuSeconds)),
        ratio(cpu, results.median(scenario, Contender.FLOOR, Run::cpuSeconds)),
        number("%,.0f", results.median(scenario, contender, Run::visitsPerCpuSecond)),
        number("%,.0f", results.median(scenario, contender, Run::steadyVisitsPerSecond)),
        number("%.1f", results.median(scenario, contender, Run::wallSeconds)),
        number("%,.0f", peak / MEGA),
        ratio(peak, results.median(scenario, Contender.DUCKDB, Run::peakBytes)),
        number("%.0f%%", cpu == 0 ? 0 : 100 * others / cpu),
        problem.isEmpty() ? "exact" : problem);
  }

  private static String ratio(double value, double other) {
    return number("%.2f", other == 0 ? 0 : value / other);
  }

  private static List<String> row(
      BenchmarkResults results, Scenario scenario, Contender contender) {
    String problem = results.problem(scenario, contender);
    double cpu = results.median(scenario, contender, Run::cpuSeconds);
    double others = results.median(scenario, contender, Run::othersCpuSeconds);
    return List.of(
        scenario.workload() + (scenario.archives() ? ", archives" : ""),
        String.format(Locale.ROOT, "%,d", scenario.visits()),
        contender.toString(),
        number("%,.0f", results.median(scenario, contender, Run::visitsPerCpuSecond)),
        number("%.2f", results.ratio(scenario, contender, contender.counterpart())),
        number("%.1f", cpu),
        number("%,.0f", results.median(scenario, contender, Run::steadyVisitsPerSecond)),
        number("%.1f", results.median(scenario, contender, Run::wallSeconds)),
        number("%,.0f", results.median(scenario, contender, Run::peakBytes) / MEGA),
        number("%,.0f", results.weighed(scenario, contender, Run::heapAfterGcBytes) / MEGA),
        number("%,.0f", results.weighed(scenario, contender, Run::heapBytesPerOpenVisit)),
        number("%,.0f", results.median(scenario, contender, Run::stateBytesPerOpenVisit)),
        number("%.1f", results.median(scenario, contender, Run::checkpointBytes) / MEGA),
        number("%,.0f", results.median(scenario, contender, Run::checkpointMillis)),
        number("%.0f%%", cpu == 0 ? 0 : 100 * others / cpu),
        problem.isEmpty() ? "exact" : problem);
  }

  private static List<List<String>> costs(BenchmarkResults results) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "workload",
            "contender",
            "before the first visit, CPU-s",
            "a further visit, CPU-µs",
            "to native",
            "to floor"));
    results.costs().forEach(cost -> rows.add(row(results, cost)));
    return rows;
  }

  private static List<String> row(BenchmarkResults results, BenchmarkResults.Cost cost) {
    return List.of(
        cost.workload() + (cost.archives() ? ", archives" : ""),
        cost.contender().toString(),
        number("%.1f", cost.cost().startSeconds()),
        number("%.2f", cost.cost().visitMicros()),
        number("%.2f", ratio(results, cost, cost.contender().counterpart())),
        number("%.2f", ratio(results, cost, Contender.FLOOR)));
  }

  private static double ratio(
      BenchmarkResults results, BenchmarkResults.Cost cost, Contender other) {
    Optional<CpuCost> others = results.cost(cost.workload(), cost.archives(), other);
    return others.isEmpty() ? 0 : cost.cost().visitMicros() / others.get().visitMicros();
  }

  private static String number(String format, double value) {
    return value == 0 ? "-" : String.format(Locale.ROOT, format, value);
  }

  private static List<String> lines(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    boolean[] isText = new boolean[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
        isText[column] |= row != rows.get(0) && !row.get(column).matches(NUMBER);
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add(line(row, widths, isText));
      if (lines.size() == 1) {
        lines.add(rule(widths, isText));
      }
    }
    return lines;
  }

  private static String line(List<String> row, int[] widths, boolean[] isText) {
    StringBuilder line = new StringBuilder("|");
    for (int column = 0; column < widths.length; column++) {
      String format = " %" + (isText[column] ? "-" : "") + widths[column] + "s |";
      line.append(String.format(Locale.ROOT, format, row.get(column)));
    }
    return line.toString();
  }

  private static String rule(int[] widths, boolean[] isText) {
    StringBuilder line = new StringBuilder("|");
    for (int column = 0; column < widths.length; column++) {
      line.append(' ').append("-".repeat(widths[column] - 1)).append(isText[column] ? '-' : ':');
      line.append(" |");
    }
    return line.toString();
  }
}
