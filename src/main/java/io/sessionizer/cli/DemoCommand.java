package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.FlagReader;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.demo.Demo;
import io.sessionizer.demo.SessionTally;
import io.sessionizer.generator.RateLimit;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.metrics.JobProgress;
import io.sessionizer.watch.Watch;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Shows the whole way from visits to sessions, on this machine, with nothing set up before. */
@Command(
    name = "demo",
    sortOptions = false,
    customSynopsis =
        "sessionizer demo [--visits=COUNT] [--seed=NUMBER] [--forever] [--watch[=PORT]]"
            + " [--name=value ...]",
    description = {
      "Starts a Kafka broker, writes generated visits, runs the pipeline on them, and prints every"
          + " session as a line of JSON as it comes out.",
      "Of the visits 10 in 100 are out of order, 3 late, 2 duplicates and 2 malformed. Flags of"
          + " 'sessionizer run' can be given, too, for example --timeZone=Europe/Paris."
    })
final class DemoCommand implements Callable<Integer> {
  private static final TrafficMix SHARES = new TrafficMix(10, 3, 2, 2);
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final int VISITORS = 20;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final RateLimit TRICKLE = new RateLimit(20);

  /** So few that all of them can be seen, and so slow that one can follow. */
  private static final int VISITORS_TO_WATCH = 5;

  /** More late visits, so that one sees what becomes of them. */
  private static final TrafficMix SHARES_TO_WATCH = new TrafficMix(10, 8, 2, 2);

  private static final List<String> FLAGS_TO_WATCH =
      List.of("--engine=stateful", "--allowedLateness=PT1H");

  private static final RateLimit PACE_TO_WATCH = new RateLimit(4);

  @Option(
      names = "--visits",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description =
          "visits to write; the pipeline does a few hundred a second here [${DEFAULT-VALUE}]")
  private long visits;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "another number makes other visits [${DEFAULT-VALUE}]")
  private long seed;

  @Option(names = "--forever", description = "write 20 visits a second until Ctrl-C")
  private boolean forever;

  @Mixin private ConfigFlag config;

  @Option(
      names = "--watch",
      paramLabel = "PORT",
      arity = "0..1",
      fallbackValue = "" + WatchCommand.PORT,
      description =
          "show it on a web page of this machine (see 'sessionizer watch'): fewer visitors, more late"
              + " visits, 4 visits a second until Ctrl-C, and --engine=stateful --allowedLateness=PT1H"
              + " unless given")
  private @Nullable Integer watchPort;

  @Unmatched private List<String> jobFlags = new ArrayList<>();

  /** It writes malformed visits on purpose, and says at its end what was rejected. */
  private static final String LEVEL_OF_REJECTIONS =
      "org.slf4j.simpleLogger.log.io.sessionizer.kafka.RejectionLog";

  @Override
  public Integer call() throws Exception {
    System.setProperty(LEVEL_OF_REJECTIONS, "off");
    List<String> problems = new ArrayList<>();
    if (visits < 0) {
      problems.add("--visits=" + visits + ": must be 0 or more");
    }
    if (isWatched() && (watchPort < 0 || watchPort > 65_535)) {
      problems.add("--watch=" + watchPort + ": must be from 0 to 65535");
    }
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    Traffic traffic =
        new Traffic(
            isEndless() ? Traffic.ENDLESS : visits,
            isWatched() ? VISITORS_TO_WATCH : VISITORS,
            START,
            seed,
            isWatched() ? SHARES_TO_WATCH : SHARES);
    try (StopOnInterrupt interrupt = new StopOnInterrupt(() -> {})) {
      Demo.Summary outcome = run(traffic, interrupt);
      if (interrupt.interrupted()) {
        System.err.println("Stopped early: " + summary(outcome));
        return SessionizationJob.DONE; // The signal decides the exit code.
      }
      System.err.println(summary(outcome));
      details(outcome).forEach(System.err::println);
      System.err.println(
          Terminal.STDERR
              .ansi()
              .string(
                  outcome.isAccountedFor()
                      ? "@|bold,green Every visit is accounted for.|@"
                      : "@|bold,red NOT every visit is accounted for: please report this, with the"
                          + " seed.|@"));
      if (!outcome.isAccountedFor()) {
        return SessionizationJob.FAILED;
      }
      return outcome.hasAcceptedNone() ? SessionizationJob.NONE_ACCEPTED : SessionizationJob.DONE;
    }
  }

  private Demo.Summary run(Traffic traffic, StopOnInterrupt interrupt) throws Exception {
    try (Screen screen = new Screen(traffic.visits(), watchPort)) {
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
      return PACE_TO_WATCH;
    }
    return forever ? TRICKLE : RateLimit.UNLIMITED;
  }

  /** The windows engine takes nothing back and drops what is too late: there is less to see. */
  private List<String> jobFlags() {
    return FlagReader.withDefaults(
        isWatched() ? FLAGS_TO_WATCH : List.of(), config.before(jobFlags));
  }

  private static String summary(Demo.Summary outcome) {
    return String.format(
        Locale.ROOT,
        "%,d visits in %.1f s: %,d in %,d sessions, %,d too late, %,d dead letters"
            + " (corrected sessions: %,d).",
        outcome.written().records(),
        outcome.elapsed().toMillis() / 1e3,
        outcome.sessions().visits(),
        outcome.sessions().sessions(),
        outcome.late(),
        outcome.deadLetters(),
        outcome.sessions().corrections());
  }

  /** Explains the numbers of the summary. */
  private static List<String> details(Demo.Summary outcome) {
    List<String> details = new ArrayList<>();
    details.add(
        "Which late visits are too late depends on the watermark when they arrive: another run or"
            + " runner may count others.");
    if (outcome.deadLetters() > 0) {
      details.add("Dead letters: " + outcome.rejections() + ".");
    }
    return details;
  }

  /** Sessions on standard output, progress on a terminal. */
  private static final class Screen implements Demo.Audience, AutoCloseable {
    private final StatusLine status = StatusLine.open();
    private final @Nullable ProgressBar bar;
    private final @Nullable Integer watchPort;
    private @Nullable Watch watch;

    /** Shows it on a web page, too, if there is a port for it. */
    Screen(long visits, @Nullable Integer watchPort) {
      this.watchPort = watchPort;
      this.bar =
          visits == Traffic.ENDLESS
              ? null
              : status.bar("visits", visits).hideEta().continuousUpdate().build();
    }

    @Override
    public void step(String what) {
      if (bar == null) {
        status.show(what);
      } else {
        bar.setExtraMessage(what);
      }
    }

    @Override
    public void brokerStarted(Settings settings) throws NotReadyException, IOException {
      if (watchPort != null) {
        watch =
            Watch.start(
                settings,
                new Watch.Listening(
                    Watch.Listening.LOOPBACK, watchPort, Watch.Listening.USUAL_VISITS));
        System.err.println("Watch it at " + watch.address() + " (Ctrl-C ends it).");
      }
    }

    @Override
    public void brokerEnds() {
      if (watch != null) {
        watch.close();
      }
    }

    @Override
    public void session(String json) {
      System.out.println(json);
    }

    @Override
    public void progress(JobProgress job, long open, SessionTally closed) {
      String sessions =
          String.format(
              Locale.ROOT,
              "watermark %s, open %,d, closed %,d",
              job.watermark().map(TIME::format).orElse("-"),
              open,
              closed.sessions());
      if (bar == null) {
        status.show(String.format(Locale.ROOT, "visits %,d, %s", job.visitsRead(), sessions));
      } else {
        bar.stepTo(job.visitsRead());
        bar.setExtraMessage(sessions);
      }
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
      }
      status.close();
    }
  }
}
