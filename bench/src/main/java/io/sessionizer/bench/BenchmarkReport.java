package io.sessionizer.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Writes the figures to files: {@code results.json}, {@code table.md}, {@code results.svg}. */
final class BenchmarkReport {
  private static final Pattern VERSIONED_JAR =
      Pattern.compile(
          "(beam-sdks-java-core|flink-runtime|flink-connector-kafka|kafka-clients|kafka-streams"
              + "|rocksdbjni|frocksdbjni|jackson-core|duckdb_jdbc|spark-sql_2.12)-(\\d.*)\\.jar");

  private final Setup setup;
  private final Map<String, Object> task;
  private final boolean acceptance;

  /**
   * Creates a report.
   *
   * @param task what the contenders are given, for the record
   * @param acceptance whether goals are compared with the figures
   */
  BenchmarkReport(Setup setup, Map<String, Object> task, boolean acceptance) {
    this.setup = setup;
    this.task = task;
    this.acceptance = acceptance;
  }

  /** Writes all that is known so far. */
  void write(BenchmarkResults results, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<Goal> goals = acceptance ? Acceptance.goals(results) : List.of();
    List<String> tables = new ArrayList<>(ResultTable.of(results));
    if (!goals.isEmpty()) {
      tables.add("");
      tables.addAll(ResultTable.ofGoals(goals));
    }
    Files.write(folder.resolve("table.md"), tables);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    all.put("commit", commit());
    all.put("machine", machine());
    all.put("versions", versions());
    all.put("java_options", setup.javaOptions());
    all.put("task", task);
    all.put("results", figures(results));
    all.put("costs", costs(results));
    if (!goals.isEmpty()) {
      all.put("goals", goals);
    }
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(folder.resolve("results.json").toFile(), all);
    ResultPlot.write(results, folder.resolve("results.svg"));
  }

  private static List<Map<String, Object>> figures(BenchmarkResults results) {
    List<Map<String, Object>> all = new ArrayList<>();
    results
        .runs()
        .forEach(
            (scenario, contenders) ->
                contenders.forEach(
                    (contender, runs) -> {
                      Map<String, Object> figures = new LinkedHashMap<>();
                      figures.put("workload", scenario.workload().toString());
                      figures.put("visits", scenario.visits());
                      figures.put("archives", scenario.archives());
                      figures.put("contender", contender.toString());
                      figures.put("problem", results.problem(scenario, contender));
                      figures.put(
                          "median_visits_per_cpu_second",
                          results.median(scenario, contender, Run::visitsPerCpuSecond));
                      figures.put(
                          "ratio_to_native",
                          results.ratio(scenario, contender, contender.counterpart()));
                      figures.put("runs", runs);
                      all.add(figures);
                    }));
    return all;
  }

  private static List<Map<String, Object>> costs(BenchmarkResults results) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (BenchmarkResults.Cost cost : results.costs()) {
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("workload", cost.workload().toString());
      figures.put("archives", cost.archives());
      figures.put("contender", cost.contender().toString());
      figures.put("cpu_seconds_before_first_visit", cost.cost().startSeconds());
      figures.put("cpu_micros_of_further_visit", cost.cost().visitMicros());
      all.add(figures);
    }
    return all;
  }

  private static Map<String, Object> machine() {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("cpu", Machine.cpu().orElse("unknown"));
    machine.put("memory_bytes", Machine.memoryBytes());
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    return machine;
  }

  private Map<String, String> versions() throws IOException {
    Map<String, String> versions = new TreeMap<>();
    for (String libraries : List.of("bench/target/lib", "bench/spark/target/lib")) {
      try (Stream<Path> jars = Files.list(setup.home().resolve(libraries))) {
        jars.map(jar -> VERSIONED_JAR.matcher(jar.getFileName().toString()))
            .filter(Matcher::matches)
            .forEach(jar -> versions.put(jar.group(1), jar.group(2)));
      }
    }
    return versions;
  }

  /** Of the clone that this runs in; a plus if files have been changed since. */
  private String commit() throws InterruptedException {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty=+")
              .directory(setup.home().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? commit.strip() : "unknown";
    } catch (IOException e) {
      return "unknown"; // no git
    }
  }
}
