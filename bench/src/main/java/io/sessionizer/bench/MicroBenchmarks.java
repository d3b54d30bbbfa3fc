package io.sessionizer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Those of JMH: what single steps cost, without Kafka and without a runner. */
final class MicroBenchmarks {
  private static final int WARM_UPS = 3;

  private MicroBenchmarks() {}

  /**
   * Runs all of them.
   *
   * @param forks how many JVMs each one runs in, one after the other
   * @param folder where to write {@code micro.json}
   * @return the lines of a table
   */
  static List<String> run(int forks, Path folder) throws IOException {
    Options options =
        new OptionsBuilder()
            .include("io\\.sessionizer\\..*Benchmark")
            .forks(forks)
            .warmupIterations(WARM_UPS)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(2 * WARM_UPS)
            .measurementTime(TimeValue.seconds(1))
            .resultFormat(ResultFormatType.JSON)
            .result(Files.createDirectories(folder).resolve("micro.json").toString())
            .build();
    try {
      return table(
          new Runner(
                  options, OutputFormatFactory.createFormatInstance(System.err, VerboseMode.NORMAL))
              .run());
    } catch (RunnerException e) {
      throw new IOException("the micro-benchmarks: " + e.getMessage(), e);
    }
  }

  private static List<String> table(Collection<RunResult> results) {
    List<String> lines = new ArrayList<>();
    lines.add("| step                        | pages |    time |   error | unit  |");
    lines.add("| --------------------------- | ----: | ------: | ------: | ----- |");
    for (RunResult result : results) {
      Result<?> time = result.getPrimaryResult();
      String pages = result.getParams().getParam("pages");
      lines.add(
          String.format(
              Locale.ROOT,
              "| %-27s | %5s | %,7.1f | %,7.1f | %-5s |",
              result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"),
              pages == null ? "" : pages,
              time.getScore(),
              time.getScoreError(),
              time.getScoreUnit()));
    }
    return lines;
  }
}
