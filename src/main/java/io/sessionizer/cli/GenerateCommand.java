package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.CountedNoun;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.formats.KnownFormats;
import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.generator.JsonLinesSink;
import io.sessionizer.generator.RateLimit;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.VisitFeed;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.generator.VisitSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes generated visits to a topic or a file. */
@Command(
    name = "generate",
    description = {
      "Writes generated visits to a Kafka topic or a file.",
      "The same flags generate the same records, byte for byte. Records that are not out of order,"
          + " late, duplicates or malformed are on time. Of other formats than the default, malformed"
          + " records are cut in half."
    },
    footer = {
      "./sessionizer generate --visits=2000 --visitors=50",
      "./sessionizer generate --late=5 --duplicates=1 --malformed=1 --rate=100",
      "./sessionizer generate --visits=10 --output=-",
      "./sessionizer generate --visitFormat=combined --output=access.log"
    })
final class GenerateCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;
  private static final String STANDARD_OUTPUT = "-";

  @Mixin private KafkaClientFlags kafka;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      defaultValue = "visits",
      description = "topic to write to [${DEFAULT-VALUE}]")
  private String topic;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "write JSON lines to a file instead. - is the standard output")
  private String output;

  @Option(
      names = "--visitFormat",
      paramLabel = "NAME",
      defaultValue = "reference",
      description =
          "format of the records, one of those that './sessionizer formats' lists [${DEFAULT-VALUE}]")
  private String visitFormat;

  @Mixin private TrafficFlags trafficFlags;

  @Option(
      names = "--rate",
      paramLabel = "COUNT",
      defaultValue = "0",
      description = "records per second; 0: as fast as possible [${DEFAULT-VALUE}]")
  private long rate;

  @Spec private CommandSpec spec;

  @Override
  public Integer call()
      throws BadFlagsException, NotReadyException, IOException, InterruptedException {
    List<String> problems = new ArrayList<>();
    Traffic traffic = trafficFlags.traffic(problems);
    RateLimit limit =
        TrafficFlags.checked(() -> new RateLimit(rate), RateLimit.UNLIMITED, problems);
    KafkaClientFlags.checkOneTopic(topic, problems);
    if (!KnownFormats.NAMES.contains(visitFormat)) {
      problems.add(
          "--visitFormat=%s: must be one of %s"
              .formatted(visitFormat, String.join(", ", KnownFormats.NAMES)));
    }
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    try (VisitSink sink = openSink()) {
      return generate(traffic, limit, sink);
    }
  }

  private VisitSink openSink() throws NotReadyException {
    if (STANDARD_OUTPUT.equals(output)) {
      return JsonLinesSink.toStandardOutput();
    }
    if (output != null) {
      return JsonLinesSink.toFile(output);
    }
    return kafka.openTopic(topic);
  }

  private int generate(Traffic traffic, RateLimit limit, VisitSink sink)
      throws IOException, InterruptedException {
    var feed = new VisitFeed(new VisitGenerator(traffic, visitFormat), sink, limit);
    try (var interrupt = new StopOnInterrupt(feed::stop)) {
      print(summary(run(feed, traffic.visits())));
      return interrupt.interrupted() ? INTERRUPTED : SessionizationJob.DONE;
    }
  }

  private static VisitFeed.FeedSummary run(VisitFeed feed, long visits)
      throws IOException, InterruptedException {
    try (StatusLine line = StatusLine.open();
        ProgressBar bar = line.bar("generate", visits).setUnit(" records", 1).showSpeed().build()) {
      return feed.run(bar::stepTo);
    }
  }

  private static String summary(VisitFeed.FeedSummary summary) {
    return String.format(
        Locale.ROOT,
        "%s written in %.1f s (%,.0f records/s): %,d on time, %,d out of order, %,d late, %s,"
            + " %,d malformed",
        CountedNoun.of(summary.records(), "record"),
        summary.elapsed().toMillis() / 1e3,
        summary.recordsPerSecond(),
        summary.of(Category.ON_TIME),
        summary.of(Category.OUT_OF_ORDER),
        summary.of(Category.LATE),
        CountedNoun.of(summary.of(Category.DUPLICATE), "duplicate"),
        summary.of(Category.MALFORMED));
  }

  private void print(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
