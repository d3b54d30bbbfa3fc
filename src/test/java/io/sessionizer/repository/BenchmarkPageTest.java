package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The figures of the pages are those of {@code docs/benchmark.json}, which the benchmark wrote. */
class BenchmarkPageTest {
  private static final Path RESULTS = Path.of("docs/benchmark.json");
  private static final Map<String, String> TITLES =
      Map.of(
          "stateful-heap", "sessionizer, heap",
          "native-heap", "native Flink, heap",
          "stateful-rocksdb", "sessionizer, RocksDB",
          "native-rocksdb", "native Flink, RocksDB",
          "streams-rocksdb", "Kafka Streams, RocksDB",
          "floor", "floor");
  private static final List<String> CONTENDERS =
      List.of(
          "stateful-heap",
          "native-heap",
          "stateful-rocksdb",
          "native-rocksdb",
          "streams-rocksdb",
          "floor");
  private static final String LIVE_HEAP = "heapAfterGcBytes";
  private static final String HEAP_PER_VISIT = "heapBytesPerOpenVisit";

  private static List<Result> results;

  /**
   * The measurements of a contender with a workload.
   *
   * @param workload with the number of visits
   */
  private record Result(String workload, String contender, JsonNode runs) {
    /** Returns the median of a figure. The live heap is measured in runs of its own. */
    OptionalDouble median(String figure) {
      double[] values =
          StreamSupport.stream(runs.spliterator(), false)
              .filter(
                  run ->
                      figure.equals(LIVE_HEAP)
                          || figure.equals(HEAP_PER_VISIT)
                          || run.path(LIVE_HEAP).asLong() == 0)
              .mapToDouble(run -> run.path(figure).asDouble())
              .filter(value -> value > 0)
              .sorted()
              .toArray();
      int half = values.length / 2;
      return values.length == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of(
              values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2);
    }
  }

  @BeforeAll
  static void readResults() throws IOException {
    results = new ArrayList<>();
    for (JsonNode file : new ObjectMapper().readTree(Files.readString(RESULTS))) {
      for (JsonNode result : file.path("results")) {
        String workload = result.path("workload").asText();
        assertEquals("", result.path("problem").asText(), workload);
        results.add(
            new Result(
                title(workload, result), result.path("contender").asText(), result.path("runs")));
      }
    }
  }

  private static String title(String workload, JsonNode result) {
    return workload.equals("steady")
        ? "`steady`"
        : "`%s`, %s M visits%s"
            .formatted(
                workload,
                result.path("visits").asLong() / 1_000_000,
                result.path("archives").asBoolean() ? ", archives" : "");
  }

  @Test
  void tablesOfCpuTimeAreMeasured() throws IOException {
    assertHas("docs/benchmark.md", table("visits per CPU-s", "visitsPerCpuSecond", Figure.WHOLE));
    assertHas("README.md", tableOfReadme());
  }

  /** Returns two sizes of a backlog and what a further visit costs, a contender in each row. */
  private static List<String> tableOfReadme() {
    List<String> workloads = List.of("`catch-up`, 1 M visits", "`catch-up`, 4 M visits");
    List<String> rows = new ArrayList<>();
    rows.add(
        "| visits per CPU-s | %s | a further visit, CPU-µs |"
            .formatted(String.join(" | ", workloads)));
    rows.add("| --- |" + " ---: |".repeat(workloads.size() + 1));
    for (String contender : CONTENDERS) {
      rows.add(
          "| %s | %s | %s |"
              .formatted(
                  TITLES.get(contender),
                  workloads.stream()
                      .map(workload -> result(workload, contender))
                      .map(result -> cell(result, "visitsPerCpuSecond", Figure.WHOLE))
                      .collect(Collectors.joining(" | ")),
                  cost("catch-up", 1, 4, contender)
                      .map(cost -> String.format(Locale.ROOT, "%.1f", cost.visitMicros()))
                      .orElse("")));
    }
    return rows;
  }

  @Test
  void pageNamesDateCommitAndVersions() throws IOException {
    String page = Files.readString(Path.of("docs/benchmark.md")).replace("\n", " ");
    for (JsonNode file : new ObjectMapper().readTree(Files.readString(RESULTS))) {
      assertTrue(
          page.contains(
              "on %s at commit `%s`"
                  .formatted(
                      file.path("date").asText().substring(0, 10), file.path("commit").asText())));
      assertTrue(
          page.contains(
              "Beam %s, Flink %s and Kafka %s"
                  .formatted(
                      file.at("/versions/beam-sdks-java-core").asText(),
                      file.at("/versions/flink-runtime").asText(),
                      file.at("/versions/kafka-clients").asText())));
    }
  }

  @Test
  void tablesOfMemoryAreMeasured() throws IOException {
    String backlog = "`catch-up`, 1 M visits";
    assertHas(
        "docs/benchmark.md",
        backlog,
        row(backlog, "visits/s", "steadyVisitsPerSecond", Figure.WHOLE),
        row(backlog, "peak MB", "peakBytes", Figure.MEGABYTES));
    String keys = "`many-keys`, 6 M visits";
    assertHas(
        "docs/benchmark.md",
        keys,
        row(keys, "visits/s", "steadyVisitsPerSecond", Figure.WHOLE),
        row(keys, "peak MB", "peakBytes", Figure.MEGABYTES),
        row(keys, "live heap MB", LIVE_HEAP, Figure.MEGABYTES),
        row(keys, "live heap, bytes per open visit", HEAP_PER_VISIT, Figure.WHOLE));
    String steady = "`steady`";
    assertHas(
        "docs/benchmark.md",
        steady,
        row(steady, "peak MB", "peakBytes", Figure.MEGABYTES),
        row(steady, "state, bytes per open visit", "stateBytesPerOpenVisit", Figure.WHOLE),
        row(steady, "checkpoint MB", "checkpointBytes", Figure.MEGABYTES),
        row(steady, "checkpoint ms", "checkpointMillis", Figure.WHOLE));
  }

  private static void assertHas(String page, String title, String... rows) throws IOException {
    List<String> table = new ArrayList<>(header(title));
    table.addAll(List.of(rows));
    assertHas(page, table);
  }

  private static String row(
      String workload, String title, String figure, Function<Double, String> format) {
    return "| %s | %s |"
        .formatted(
            title,
            CONTENDERS.stream()
                .map(contender -> result(workload, contender))
                .map(result -> cell(result, figure, format))
                .collect(Collectors.joining(" | ")));
  }

  @Test
  void tableOfGoalsIsMeasured() throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode file : new ObjectMapper().readTree(Files.readString(RESULTS))) {
      for (JsonNode goal : file.path("goals")) {
        rows.add(
            "| %s | %s %s | %s |"
                .formatted(
                    goal.path("figure").asText(),
                    goal.path("isMost").asBoolean() ? "at most" : "at least",
                    amount(goal.path("limit")),
                    amount(goal.path("measured"))));
      }
    }
    assertFalse(rows.isEmpty());
    assertHas("docs/benchmark.md", rows);
  }

  private static String amount(JsonNode figure) {
    double value = figure.asDouble();
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }

  @Test
  void tableOfSlopesIsMeasured() throws IOException {
    for (int[] millions : new int[][] {{1, 4}, {2, 6}}) {
      String workload = millions[0] == 1 ? "catch-up" : "many-keys";
      List<String> rows = new ArrayList<>();
      for (String contender : CONTENDERS) {
        cost(workload, millions[0], millions[1], contender)
            .ifPresent(
                cost ->
                    rows.add(
                        String.format(
                            Locale.ROOT,
                            "| %s | %.1f | %.1f |",
                            TITLES.get(contender),
                            cost.startSeconds(),
                            cost.visitMicros())));
      }
      if (!rows.isEmpty()) {
        rows.add(0, "| --- | ---: | ---: |");
        rows.add(
            0,
            "| `%s` | before the first visit, CPU-s | a further visit, CPU-µs |"
                .formatted(workload));
        assertHas("docs/benchmark.md", rows);
      }
    }
  }

  /** CPU time of a contender as a linear function of the number of visits. */
  private record Cost(double startSeconds, double visitMicros) {}

  /** Returns the cost by two sizes in millions of visits, if both are measured. */
  private static Optional<Cost> cost(String workload, int few, int many, String contender) {
    OptionalDouble ofFew = cpu(workload, few, contender);
    OptionalDouble ofMany = cpu(workload, many, contender);
    if (ofFew.isEmpty() || ofMany.isEmpty()) {
      return Optional.empty();
    }
    double micros = (ofMany.getAsDouble() - ofFew.getAsDouble()) / (many - few);
    return Optional.of(new Cost(ofFew.getAsDouble() - few * micros, micros));
  }

  private static OptionalDouble cpu(String workload, int millions, String contender) {
    return result("`%s`, %s M visits".formatted(workload, millions), contender)
        .median("cpuSeconds");
  }

  private static List<String> header(String title) {
    return List.of(
        "| %s | %s |"
            .formatted(
                title, CONTENDERS.stream().map(TITLES::get).collect(Collectors.joining(" | "))),
        "| --- |" + " ---: |".repeat(CONTENDERS.size()));
  }

  private static List<String> table(String title, String figure, Function<Double, String> format) {
    List<String> rows = new ArrayList<>(header(title));
    results.stream()
        .map(Result::workload)
        .distinct()
        .forEach(
            workload ->
                rows.add(
                    "| %s | %s |"
                        .formatted(
                            workload,
                            CONTENDERS.stream()
                                .map(contender -> cell(result(workload, contender), figure, format))
                                .collect(Collectors.joining(" | ")))));
    return rows;
  }

  private static Result result(String workload, String contender) {
    return results.stream()
        .filter(result -> result.workload().equals(workload))
        .filter(result -> result.contender().equals(contender))
        .findFirst()
        .orElse(new Result(workload, contender, new ObjectMapper().createArrayNode()));
  }

  private static String cell(Result result, String figure, Function<Double, String> format) {
    OptionalDouble median = result.median(figure);
    return median.isPresent() ? format.apply(median.getAsDouble()) : "";
  }

  private enum Figure implements Function<Double, String> {
    WHOLE {
      @Override
      public String apply(Double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
      }
    },
    MEGABYTES {
      @Override
      public String apply(Double value) {
        return String.format(Locale.ROOT, "%,.1f", value / (1 << 20));
      }
    }
  }

  private static void assertHas(String page, List<String> rows) throws IOException {
    String text = Files.readString(Path.of(page));
    String table = String.join("\n", rows).replaceAll(" +\\|", " |");
    assertTrue(text.contains(table), page + " lacks this table:\n" + table);
  }
}
