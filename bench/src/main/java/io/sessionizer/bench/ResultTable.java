package io.sessionizer.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures as a table in Markdown, which is also easy to read as it is. */
final class ResultTable {
  private static final List<String> HEADER =
      List.of(
          "workload",
          "contender",
          "visits/CPU-s",
          "to native",
          "visits/s",
          "wall s",
          "peak MB",
          "live heap MB",
          "state B/open visit",
          "checkpoint MB",
          "checkpoint ms",
          "others' CPU",
          "output");
  private static final double MEGA = 1 << 20;

  private ResultTable() {}

  /** Returns the lines of the table. */
  static List<String> lines(BenchmarkResults results) {
    List<List<String>> rows = new ArrayList<>(List.of(HEADER));
    results
        .runs()
        .forEach(
            (workload, contenders) ->
                contenders
                    .keySet()
                    .forEach(contender -> rows.add(row(results, workload, contender))));
    int[] widths = new int[HEADER.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      lines.add(line(row, widths));
      if (lines.size() == 1) {
        lines.add(rule(widths));
      }
    }
    return lines;
  }

  private static List<String> row(
      BenchmarkResults results, Workload workload, Contender contender) {
    String problem = results.problem(workload, contender);
    double cpu = results.median(workload, contender, Run::cpuSeconds);
    double others = results.median(workload, contender, Run::othersCpuSeconds);
    return List.of(
        workload.toString(),
        contender.toString(),
        number("%,.0f", results.median(workload, contender, Run::visitsPerCpuSecond)),
        number("%.2f", results.ratioToNative(workload, contender)),
        number("%,.0f", results.median(workload, contender, Run::steadyVisitsPerSecond)),
        number("%.1f", results.median(workload, contender, Run::wallSeconds)),
        number("%,.0f", results.median(workload, contender, Run::peakBytes) / MEGA),
        number("%,.0f", results.heapAfterGcBytes(workload, contender) / MEGA),
        number("%,.0f", results.median(workload, contender, Run::stateBytesPerOpenVisit)),
        number("%.1f", results.median(workload, contender, Run::checkpointBytes) / MEGA),
        number("%,.0f", results.median(workload, contender, Run::checkpointMillis)),
        number("%.0f%%", cpu == 0 ? 0 : 100 * others / cpu),
        problem.isEmpty() ? "exact" : problem);
  }

  private static String number(String format, double value) {
    return value == 0 ? "-" : String.format(Locale.ROOT, format, value);
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder("|");
    for (int column = 0; column < widths.length; column++) {
      boolean isText = column < 2 || column == widths.length - 1;
      String format = " %" + (isText ? "-" : "") + widths[column] + "s |";
      line.append(String.format(Locale.ROOT, format, row.get(column)));
    }
    return line.toString();
  }

  private static String rule(int[] widths) {
    StringBuilder line = new StringBuilder("|");
    for (int column = 0; column < widths.length; column++) {
      boolean isText = column < 2 || column == widths.length - 1;
      line.append(' ').append("-".repeat(widths[column] - 1)).append(isText ? '-' : ':');
      line.append(" |");
    }
    return line.toString();
  }
}
