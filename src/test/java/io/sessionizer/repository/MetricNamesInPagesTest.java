package io.sessionizer.repository;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.metrics.MetricNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every metric is documented, and every metric that a page or a query names exists. */
class MetricNamesInPagesTest {
  private static final String NONE = "none of ours";
  private static final Pattern TEXT_FILE = Pattern.compile(".*\\.(?:md|sh|json|ya?ml)");
  private static final Pattern ON_FLINK = Pattern.compile("io_sessionizer_\\w+");

  @Test
  void operationsPageHasEveryMetricWithItsUnit() throws IOException {
    Set<String> expected =
        Arrays.stream(JobMetric.values())
            .filter(metric -> metric.type() != JobMetric.Type.TEXTS)
            .map(MetricNamesInPagesTest::row)
            .collect(toCollection(TreeSet::new));
    assertEquals(expected, tableOfOperationsPage());
  }

  @Test
  void everyMetricOnFlinkExists() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Path page : pages()) {
      Matcher name = ON_FLINK.matcher(Files.readString(page));
      while (name.find()) {
        named.add(name.group());
      }
    }
    assertFalse(named.isEmpty());
    named.removeAll(MetricNames.onFlink());
    assertEquals(Set.of(), named);
  }

  private static String row(JobMetric metric) {
    return row(
        MetricNames.inProcess(metric).map(name -> name.replaceFirst("^sessionizer_", "")),
        MetricNames.onFlink(metric),
        metric.unit().name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }

  private static String row(Optional<String> inProcess, Optional<String> onFlink, String unit) {
    return "%s | %s | %s".formatted(inProcess.orElse(NONE), onFlink.orElse(NONE), unit);
  }

  private static Set<String> tableOfOperationsPage() throws IOException {
    Set<String> rows = new TreeSet<>();
    List<String> lines = Files.readAllLines(Path.of("docs/operations.md"));
    int row = 0;
    while (!lines.get(row).startsWith("| in this process: `sessionizer_...` |")) {
      row++;
    }
    for (row += 2; lines.get(row).startsWith("|"); row++) {
      String[] cells = lines.get(row).split("\\|", -1);
      rows.add(row(code(cells[1]), ours(cells[2]), cells[3].strip()));
    }
    return rows;
  }

  private static Optional<String> code(String cell) {
    String name = cell.strip().replace("`", "");
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  private static Optional<String> ours(String cell) {
    return code(cell).filter(name -> name.startsWith("io_sessionizer"));
  }

  /** The pages, and the files of the containers and the runners. */
  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    pages.add(Path.of("README.md"));
    pages.add(Path.of("src/test/resources/flink-metrics.txt"));
    for (String folder : List.of("docker", "docs", "runners")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.filter(file -> TEXT_FILE.matcher(file.toString()).matches()).forEach(pages::add);
      }
    }
    return pages;
  }
}
