package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.CountedNoun;
import io.sessionizer.config.FlagReader;
import io.sessionizer.demo.Demo;
import io.sessionizer.generator.RateLimit;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Turns generated visits into sessions, with a broker and a job on this machine. */
@Command(
    name = "demo",
    description = {
      "Shows the pipeline at work on this machine, with generated visits.",
      "Starts a Kafka broker, writes visits, prints every session as a line of JSON when it is"
          + " emitted, and reports at the end where every visit is. Of 100 visits 10 are out of order, 3 late, 2 duplicates and 2 malformed. Every"
          + " flag of 'sessionizer run' is accepted."
    },
    exitCodeList = "4:records were read, and none was accepted",
    footer = {
      "./sessionizer demo",
      "./sessionizer demo --watch",
      "./sessionizer demo --visits=5000 --timeZone=Europe/Paris"
    })
final class DemoCommand implements Callable<Integer> {
  private static final TrafficMix MIX = new TrafficMix(10, 3, 2, 2);
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final int VISITORS = 20;
  private static final RateLimit ENDLESS_RATE = new RateLimit(20);

  /** Few enough for one page. */
  private static final int WATCHED_VISITORS = 5;

  /** With more late visits, which are worth watching. */
  private static final TrafficMix WATCHED_MIX = new TrafficMix(10, 8, 2, 2);

  /** Slow enough to follow. */
  private static final RateLimit WATCHED_RATE = new RateLimit(4);

  /** With corrections; the windows engine makes none, and drops visits that are too late. */
  private static final List<String> WATCHED_FLAGS =
      List.of("--engine=stateful", "--allowedLateness=PT1H");

  /** Malformed visits are intended, and the summary counts the rejected ones. */
  private static final String REJECTION_LOG_LEVEL =
      "org.slf4j.simpleLogger.log.io.sessionizer.kafka.RejectionLog";

  @Option(
      names = "--visits",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description =
          "number of visits. The pipeline reads a few hundred per second here [${DEFAULT-VALUE}]")
  private long visits;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "seed of the generated visits [${DEFAULT-VALUE}]")
  private long seed;

  @Option(names = "--forever", description = "generate 20 visits per second until Ctrl-C")
  private boolean forever;

  @Mixin private ConfigFlag config;

  @Option(
      names = "--watch",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "" + WatchCommand.PORT,
      description =
          "show a live web page, until Ctrl-C. There are fewer visitors and more late visits, 4"
              + " visits per second. Unless given, --engine is stateful and --allowedLateness is 1h"
              + " ["
              + WatchCommand.PORT
              + "]")
  private @Nullable Integer watchPort;

  @Unmatched private List<String> jobFlags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    System.setProperty(REJECTION_LOG_LEVEL, "off");
    List<String> problems = new ArrayList<>();
    if (visits < 0) {
      problems.add("--visits=" + visits + ": must be 0 or more");
    }
    if (watchPort != null) {
      PortCheck.check("--watch", watchPort, problems);
    }
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    Traffic traffic =
        new Traffic(
            isEndless() ? Traffic.ENDLESS : visits,
            isWatched() ? WATCHED_VISITORS : VISITORS,
            START,
            seed,
            isWatched() ? WATCHED_MIX : MIX);
    try (StopOnInterrupt interrupt = new StopOnInterrupt(() -> {})) {
      Demo.Summary summary = run(traffic, interrupt);
      if (interrupt.interrupted()) {
        System.err.println("Stopped early: " + text(summary));
        return SessionizationJob.DONE; // The signal decides the exit code.
      }
      System.err.println(text(summary));
      details(summary).forEach(System.err::println);
      System.err.println(
          Terminal.STDERR
              .ansi()
              .string(
                  summary.isAccountedFor()
                      ? "@|bold,green Every visit is accounted for.|@"
                      : "@|bold,red NOT every visit is accounted for: please report this, with the"
                          + " seed.|@"));
      if (!summary.isAccountedFor()) {
        return SessionizationJob.FAILED;
      }
      return summary.hasAcceptedNone() ? SessionizationJob.NONE_ACCEPTED : SessionizationJob.DONE;
    }
  }

  private Demo.Summary run(Traffic traffic, StopOnInterrupt interrupt) throws Exception {
    try (DemoScreen screen = new DemoScreen(traffic.visits(), watchPort)) {
      return new Demo(traffic, rateLimit(), jobFlags(), screen).run(interrupt::interrupted);
    }
  }

  private boolean isWatched() {
    return watchPort != null;
  }

  private boolean isEndless() {
    return forever || isWatched();
  }

  private RateLimit rateLimit() {
    if (isWatched()) {
      return WATCHED_RATE;
    }
    return forever ? ENDLESS_RATE : RateLimit.UNLIMITED;
  }

  private List<String> jobFlags() {
    return FlagReader.withDefaults(
        isWatched() ? WATCHED_FLAGS : List.of(), config.before(jobFlags));
  }

  private static String text(Demo.Summary summary) {
    return String.format(
        Locale.ROOT,
        "%s in %.1f s: %,d in %s, %,d too late, %s (corrected sessions: %,d).",
        CountedNoun.of(summary.written().records(), "visit"),
        summary.elapsed().toMillis() / 1e3,
        summary.sessions().visits(),
        CountedNoun.of(summary.sessions().sessions(), "session"),
        summary.late(),
        CountedNoun.of(summary.deadLetters(), "dead letter"),
        summary.sessions().corrections());
  }

  /** Returns explanations of the numbers in the summary. */
  private static List<String> details(Demo.Summary summary) {
    List<String> details = new ArrayList<>();
    details.add(
        "Which late visits are too late depends on the watermark when they are read: the number"
            + " differs between runs and runners.");
    if (summary.deadLetters() > 0) {
      details.add("Dead letters: " + summary.rejections() + ".");
    }
    return details;
  }
}
