package io.sessionizer.bench;

import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Durations;
import io.sessionizer.config.FlagSpelling;
import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Measures the job beside others that do the same. */
@Command(
    name = "sessionizer bench",
    description = {
      "Measures the sessionizer beside others that do the same work: a native Flink job, Kafka"
          + " Streams, and a loop with a hash map, which nothing can do without.",
      "Starts a broker, writes a backlog of visits, and has one contender after the other work it"
          + " off, each in a process of its own. A figure counts if the sessions are exactly those"
          + " of a naive model. Prints a table of medians."
    },
    customSynopsis = "./sessionizer bench [--name=value ...]",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a run failed, or its sessions were wrong",
      "2:invalid flags",
      "3:the broker did not come up",
      "130:stopped by Ctrl-C (143: by SIGTERM)"
    })
final class BenchCommand implements Callable<Integer> {
  private static final Pattern HEAP = Pattern.compile("\\d+[kmgKMG]");

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      split = ",",
      description = "what to do; repeat the flag for more: ${COMPLETION-CANDIDATES} [all]")
  private Set<Workload> workloads = EnumSet.allOf(Workload.class);

  @Option(
      names = "--contender",
      paramLabel = "NAME",
      split = ",",
      description = "contender; repeat the flag for more: ${COMPLETION-CANDIDATES} [all]")
  private Set<Contender> contenders = EnumSet.allOf(Contender.class);

  @Option(
      names = "--visits",
      paramLabel = "COUNT",
      description = "visits in a backlog; many-keys has twice as many [${DEFAULT-VALUE}]")
  private long visits = 1_000_000;

  @Option(
      names = "--rate",
      paramLabel = "COUNT",
      description = "visits per second of the workload steady [${DEFAULT-VALUE}]")
  private long rate = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "another number makes other visits [${DEFAULT-VALUE}]")
  private long seed = 1;

  @Option(
      names = "--repeats",
      paramLabel = "COUNT",
      description = "how often each contender runs, in turn with the others [${DEFAULT-VALUE}]")
  private int repeats = 3;

  @Option(
      names = "--parallelism",
      paramLabel = "COUNT",
      description = "threads of each contender, and partitions [${DEFAULT-VALUE}]")
  private int parallelism = 2;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "heap of each contender, as -Xmx takes it [${DEFAULT-VALUE}]")
  private String heap = "4g";

  @Option(
      names = "--allowedLateness",
      paramLabel = "DURATION",
      description =
          "how long after its end a session still accepts late visits, whoever makes it" + " [15m]")
  private Duration allowedLateness = Duration.ofMinutes(15);

  @Option(names = "--timeout", paramLabel = "DURATION", description = "when to give up a run [10m]")
  private Duration timeout = Duration.ofMinutes(10);

  @Option(
      names = "--skipHeap",
      description = "leave out the extra run in which what lives on the heap is weighed")
  private boolean skipHeap;

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = "another build's sessionizer.jar, with its lib beside it [this clone's]")
  private Path jar;

  @Option(
      names = "--flag",
      paramLabel = "--NAME=VALUE",
      description = "a flag of `sessionizer run` to measure with; repeat it for more")
  private List<String> flags = new ArrayList<>();

  @Option(
      names = "--micro",
      description = "run the micro-benchmarks instead; --repeats is how many JVMs each one gets")
  private boolean micro;

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "where to write the figures [target/bench/results]")
  private Path output;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  @SuppressWarnings("UnusedVariable") // picocli's
  private boolean help;

  private final Path home = Path.of(System.getProperty("sessionizer.home", "."));

  private int runs;

  private BenchCommand() {}

  /** Runs the benchmark and exits with its code. */
  public static void main(String[] args) {
    CommandLine commandLine =
        new CommandLine(new BenchCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(Duration.class, BenchCommand::duration)
            .setExecutionExceptionHandler((e, command, parsed) -> report(e, command));
    commandLine.getCommandSpec().parser().collectErrors(true);
    commandLine.setExecutionStrategy(
        parsed -> {
          if (CommandLine.executeHelpRequest(parsed) != null) {
            return 0;
          }
          List<String> problems = new ArrayList<>();
          parsed.errors().forEach(e -> problems.add(e.getMessage()));
          ((BenchCommand) parsed.commandSpec().userObject()).check(problems);
          return problems.isEmpty()
              ? new CommandLine.RunLast().execute(parsed)
              : report(new BadFlagsException(problems), commandLine);
        });
    System.exit(commandLine.execute(FlagSpelling.camelCase(args)));
  }

  private static int report(Exception e, CommandLine command) {
    if (e instanceof BadFlagsException bad) {
      bad.problems().forEach(problem -> command.getErr().println("sessionizer: " + problem));
      command.getErr().println("Try sessionizer bench --help");
      return 2;
    }
    command.getErr().println("sessionizer: " + e.getMessage());
    return e instanceof NotReadyException ? 3 : 1;
  }

  private static Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (DateTimeException e) {
      throw new TypeConversionException("'" + text + "' is not " + Durations.EXPECTED);
    }
  }

  private void check(List<String> problems) {
    if (visits < 1) {
      problems.add("--visits must be 1 or more, but is " + visits);
    }
    if (rate < 1) {
      problems.add("--rate must be 1 or more, but is " + rate);
    }
    if (repeats < 1) {
      problems.add("--repeats must be 1 or more, but is " + repeats);
    }
    if (parallelism < 1) {
      problems.add("--parallelism must be 1 or more, but is " + parallelism);
    }
    if (!HEAP.matcher(heap).matches()) {
      problems.add("--heap must be a size such as 4g, but is " + heap);
    }
    if (allowedLateness.isNegative()) {
      problems.add(
          "--allowedLateness must not be negative, but is " + Durations.format(allowedLateness));
    }
    if (timeout.isNegative() || timeout.isZero()) {
      problems.add("--timeout must be longer than 0s, but is " + Durations.format(timeout));
    }
    if (jar != null && !Files.isRegularFile(jar)) {
      problems.add("--jar names no file: " + jar);
    }
  }

  @Override
  public Integer call() throws NotReadyException, IOException, InterruptedException {
    Path measured = jar == null ? home.resolve("target").resolve("sessionizer.jar") : jar;
    Setup setup = new Setup(home, measured, flags, parallelism, heap, allowedLateness, timeout);
    Path reports = output == null ? home.resolve("target/bench/results") : output;
    if (micro) {
      MicroBenchmarks.run(repeats, reports).forEach(System.out::println);
      return 0;
    }
    BenchmarkReport report = new BenchmarkReport(setup, task());
    BenchmarkResults results = new BenchmarkResults();
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalBroker broker =
            LocalBroker.start(folder.path(), 0, Map.of("num.partitions", "" + parallelism));
        BenchmarkTopics topics = new BenchmarkTopics(broker.address(), parallelism)) {
      for (Workload workload : workloads) {
        if (workload.isRated()) {
          runRated(workload, setup, broker, topics, results);
        } else {
          run(workload, setup, broker, topics, results);
        }
        report.write(results, reports);
      }
    }
    ResultTable.lines(results).forEach(System.out::println);
    say("figures of every run, and a plot: %s", reports);
    return results.allExact() ? 0 : 1;
  }

  private Map<String, Object> task() {
    Map<String, Object> task = new LinkedHashMap<>();
    task.put("visits", visits);
    task.put("rate", rate);
    task.put("seed", seed);
    task.put("repeats", repeats);
    task.put("parallelism", parallelism);
    task.put("allowed_lateness", allowedLateness.toString());
    task.put("flags", flags);
    return task;
  }

  private void runRated(
      Workload workload,
      Setup setup,
      LocalBroker broker,
      BenchmarkTopics topics,
      BenchmarkResults results)
      throws NotReadyException, IOException, InterruptedException {
    Task task = Task.of(workload, workload.traffic(RatedTrial.visits(rate), seed));
    describe(workload, task);
    for (int round = 1; round <= repeats; round++) {
      for (Contender contender : contenders) {
        if (results.problem(workload, contender).isEmpty()) {
          note(
              results,
              workload,
              contender,
              round,
              RatedTrial.run(contender, setup, broker, topics, task, nextName(), rate));
        }
      }
    }
  }

  private void run(
      Workload workload,
      Setup setup,
      LocalBroker broker,
      BenchmarkTopics topics,
      BenchmarkResults results)
      throws NotReadyException, IOException, InterruptedException {
    Task task = Task.of(workload, workload.traffic(visits, seed));
    describe(workload, task);
    String topic = workload + "-visits";
    topics.create(List.of(topic));
    int rounds = skipHeap ? repeats : repeats + 1;
    try (Backlog backlog = Backlog.write(broker.address(), topic, parallelism, task)) {
      for (int round = 1; round <= rounds; round++) {
        for (Contender contender : contenders) {
          if (results.problem(workload, contender).isEmpty()) {
            boolean weighHeap = round > repeats;
            note(
                results,
                workload,
                contender,
                round,
                Trial.run(contender, setup, broker, topics, backlog, nextName(), weighHeap));
          }
        }
      }
    }
    topics.deleteAll(topic);
  }

  private String nextName() {
    return "run-" + ++runs;
  }

  private static void describe(Workload workload, Task task) {
    say(
        "%s: %,d visits; %,d sessions are compared; on average %,.0f visits are in open ones",
        workload, task.size(), task.expected().count(), task.expected().openVisits());
  }

  private static void note(
      BenchmarkResults results, Workload workload, Contender contender, int round, Run run) {
    results.add(workload, contender, run);
    say("%s, %s, %s", workload, contender, inShort(run, round));
  }

  private static String inShort(Run run, int round) {
    if (!run.isExact()) {
      return run.problem();
    }
    return run.heapAfterGcBytes() > 0
        ? String.format(Locale.ROOT, "heap: %,.0f MB live", run.heapAfterGcBytes() / (1 << 20))
        : String.format(
            Locale.ROOT,
            "%d: %,.0f visits/CPU-s, %,.0f visits/s, %.1f s, exact (CPU: %.1f s, broker %.1f s,"
                + " others %.1f s)",
            round,
            run.visitsPerCpuSecond(),
            run.steadyVisitsPerSecond(),
            run.wallSeconds(),
            run.cpuSeconds(),
            run.brokerCpuSeconds(),
            run.othersCpuSeconds());
  }

  private static void say(String format, Object... args) {
    System.err.println(String.format(Locale.ROOT, format, args));
  }
}
