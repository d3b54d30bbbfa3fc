package io.sessionizer.cli;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Durations;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Measures the job against others, if the module of the benchmark is on the class path. */
@Command(
    name = "bench",
    description = {
      "Measures the job against native Flink, Kafka Streams, DuckDB and Spark SQL.",
      "Starts a Kafka broker, writes visits to it, and lets one contender after the other process"
          + " them, each in a JVM of its own. With the workloads files, files-gzip and files-hot, visits"
          + " and sessions are in files. The contender floor is a program that does the least that has"
          + " to be done, and survives no failure. A figure counts only if the sessions are exactly those of a"
          + " simple model. Prints a table of medians. Needs a clone of the repository: the"
          + " benchmark is a module of its own, which ./sessionizer builds."
    },
    exitCodeList = "1:a run failed, its sessions were wrong, or a goal was missed",
    footer = {
      "./sessionizer bench --workload=catch-up --contender=stateful-heap,native-heap",
      "./sessionizer bench --visits=100000 --repeats=1 --skipHeap",
      "./sessionizer bench --acceptance",
      "./sessionizer bench --workload=files"
    })
final class BenchCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final Pattern HEAP = Pattern.compile("\\d+[kmgKMG]");

  @Option(
      names = "--workload",
      paramLabel = "NAME,...",
      split = ",",
      description =
          "workloads to run. They are steady, catch-up, many-keys, long-sessions, late, hot,"
              + " hot-late, mapped, files, files-gzip and files-hot [all]")
  private List<String> workloads = new ArrayList<>();

  @Option(
      names = "--contender",
      paramLabel = "NAME,...",
      split = ",",
      description =
          "contenders to run. They are stateful-heap, stateful-rocksdb, windows-heap,"
              + " windows-rocksdb, native-heap, native-rocksdb, streams-memory and streams-rocksdb on"
              + " topics, sessionizer, duckdb and spark-sql on files, and floor on both [all]")
  private List<String> contenders = new ArrayList<>();

  @Option(
      names = "--visits",
      paramLabel = "COUNT,...",
      split = ",",
      description =
          "visits of each workload. Two sizes distinguish the start from a further visit. Without it:"
              + " catch-up with 1000000 and 4000000, many-keys with 2000000 and 6000000, others with"
              + " 1000000")
  private List<Long> visits = new ArrayList<>();

  @Option(
      names = "--rate",
      paramLabel = "COUNT",
      description = "visits per second of the workload steady [${DEFAULT-VALUE}]")
  private long rate = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "seed of the generated visits [${DEFAULT-VALUE}]")
  private long seed = 1;

  @Option(
      names = "--repeats",
      paramLabel = "COUNT",
      description = "runs of each contender, in turn with the others [${DEFAULT-VALUE}]")
  private int repeats = 3;

  @Option(
      names = "--parallelism",
      paramLabel = "COUNT",
      description = "threads of each contender, and partitions [${DEFAULT-VALUE}]")
  private int parallelism = 2;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "maximum heap of each contender, as in -Xmx [${DEFAULT-VALUE}]")
  private String heap = "4g";

  @Option(
      names = "--allowedLateness",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "how long a session accepts late visits [15m]")
  private Duration allowedLateness = Duration.ofMinutes(15);

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "time after which a run is stopped and has failed [10m]")
  private Duration timeout = Duration.ofMinutes(10);

  @Option(
      names = "--archives",
      description = "measure also with a class-data archive (CDS) for each contender's JVM")
  private boolean archives;

  @Option(
      names = "--acceptance",
      description =
          "measure what the goals of the stateful engine need, and compare it with them. It has"
              + " workloads, sizes and contenders of its own")
  private boolean acceptance;

  @Option(names = "--skipHeap", description = "skip the extra run that measures live heap")
  private boolean skipHeap;

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description =
          "sessionizer.jar of another build, with its lib folder beside it [the jar of this clone]")
  private @Nullable Path jar;

  @Option(
      names = "--flag",
      paramLabel = "--NAME=VALUE",
      description = "flag of 'sessionizer run' to measure with. The flag may be repeated")
  private List<String> flags = new ArrayList<>();

  @Option(
      names = "--micro",
      description =
          "run the micro-benchmarks instead. --repeats is the number of JVMs for each of them")
  private boolean micro;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "folder for the results [target/bench/results]")
  private @Nullable Path output;

  @Override
  public Integer call()
      throws BadFlagsException, NotReadyException, IOException, InterruptedException {
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    Optional<Benchmark> benchmark = ServiceLoader.load(Benchmark.class).findFirst();
    if (benchmark.isEmpty()) {
      throw new NotReadyException(
          "the benchmark is not part of this jar: in a clone of the repository, run ./sessionizer"
              + " bench");
    }
    return benchmark
        .get()
        .run(
            new Benchmark.Plan(
                chosen(workloads, Benchmark.WORKLOADS),
                chosen(contenders, Benchmark.CONTENDERS),
                visits.stream().sorted().distinct().toList(),
                rate,
                seed,
                repeats,
                parallelism,
                heap,
                allowedLateness,
                timeout,
                archives,
                acceptance,
                skipHeap,
                jar,
                flags,
                micro,
                output));
  }

  private static List<String> chosen(List<String> given, List<String> known) {
    return given.isEmpty() || given.contains(ALL)
        ? known
        : known.stream().filter(given::contains).toList();
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    checkNames("--workload", workloads, Benchmark.WORKLOADS, problems);
    checkNames("--contender", contenders, Benchmark.CONTENDERS, problems);
    visits.forEach(count -> checkPositive("--visits", count, problems));
    checkAcceptance(problems);
    checkPositive("--rate", rate, problems);
    checkPositive("--repeats", repeats, problems);
    checkPositive("--parallelism", parallelism, problems);
    if (!HEAP.matcher(heap).matches()) {
      problems.add("--heap=" + heap + ": must be a size such as 4g");
    }
    if (allowedLateness.isNegative()) {
      problems.add("--allowedLateness=" + allowedLateness + ": must be 0s or more");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      problems.add("--timeout=" + Durations.format(timeout) + ": must be more than 0s");
    }
    if (jar != null && !Files.isRegularFile(jar)) {
      problems.add("--jar=" + jar + ": no such file");
    }
    return problems;
  }

  private void checkAcceptance(List<String> problems) {
    if (!acceptance) {
      return;
    }
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("--workload", !workloads.isEmpty());
    given.put("--contender", !contenders.isEmpty());
    given.put("--visits", !visits.isEmpty());
    given.put("--archives", archives);
    given.put("--skipHeap", skipHeap);
    given.put("--micro", micro);
    given.forEach(
        (flag, isGiven) -> {
          if (isGiven) {
            problems.add(flag + ": must not be given with --acceptance, which has its own");
          }
        });
  }

  private static void checkNames(
      String flag, List<String> given, List<String> known, List<String> problems) {
    for (String name : given) {
      if (!known.contains(name) && !name.equals(ALL)) {
        problems.add(flag + "=" + name + ": must be one of " + known);
      }
    }
  }

  private static void checkPositive(String flag, long value, List<String> problems) {
    if (value < 1) {
      problems.add(flag + "=" + value + ": must be 1 or more");
    }
  }

  private static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (DateTimeException e) {
        throw new TypeConversionException("must be " + Durations.EXPECTED);
      }
    }
  }
}
