package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.admin.TopicCreation;
import io.sessionizer.kafka.admin.TopicCreation.Creation;
import io.sessionizer.kafka.admin.TopicCreation.TopicSize;
import io.sessionizer.kafka.admin.TopicCreation.TopicState;
import io.sessionizer.kafka.admin.TopicCreation.TopicSummary;
import io.sessionizer.launch.Preflight;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Creates the topics that a job needs. */
@Command(
    name = "topics",
    description = {
      "Creates the topics that a job needs and that do not exist.",
      "They get the settings that the job requires. Topics that exist are never changed; they are"
          + " checked as the job checks them, and the exit code is 3 if the job cannot start. Every"
          + " flag of 'sessionizer run' is accepted: use those of the job. --producerConfig has the"
          + " credentials that create topics, --consumerConfig those that read the settings of the"
          + " visits topic."
    },
    footer = {
      "./sessionizer topics --dryRun",
      "./sessionizer topics --bootstrapServers=kafka:9092 --partitions=12"
    })
final class TopicsCommand implements Callable<Integer> {
  @Option(
      names = "--dryRun",
      description = "print what would be created, and change nothing. The broker checks it")
  private boolean dryRun;

  @Option(
      names = "--partitions",
      paramLabel = "COUNT",
      description =
          "partitions of each created topic. The default is that of the visits topic, if it exists,"
              + " else the broker's")
  private @Nullable Integer partitions;

  @Option(
      names = "--replicationFactor",
      paramLabel = "COUNT",
      description = "replicas of each created partition [the broker's default]")
  private @Nullable Integer replicationFactor;

  @Mixin private ConfigFlag config;

  @Unmatched private List<String> jobFlags = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws BadFlagsException, NotReadyException {
    Settings settings = settings();
    TopicSize size =
        new TopicSize(
            Optional.ofNullable(partitions),
            Optional.ofNullable(replicationFactor).map(Integer::shortValue));
    TopicSummary summary =
        dryRun ? TopicCreation.dryRun(settings, size) : TopicCreation.create(settings, size);
    print(summary.topics());
    if (!summary.problems().isEmpty()) {
      throw new NotReadyException(summary.problems());
    }
    return SessionizationJob.DONE;
  }

  private Settings settings() throws BadFlagsException {
    List<String> problems = new ArrayList<>();
    checkCount("--partitions", partitions, Integer.MAX_VALUE, problems);
    checkCount("--replicationFactor", replicationFactor, Short.MAX_VALUE, problems);
    Settings settings = null;
    try {
      settings = Preflight.settings(config.before(jobFlags).toArray(String[]::new));
    } catch (BadFlagsException e) {
      problems.addAll(e.problems());
    }
    if (settings == null || !problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    return settings;
  }

  private static void checkCount(
      String flag, @Nullable Integer count, int most, List<String> problems) {
    if (count != null && (count < 1 || count > most)) {
      problems.add(flag + "=" + count + ": must be from 1 to " + most);
    }
  }

  private void print(List<TopicState> topics) {
    PrintWriter out = spec.commandLine().getOut();
    int states = topics.stream().mapToInt(topic -> text(topic.creation()).length()).max().orElse(0);
    int names = topics.stream().mapToInt(topic -> topic.name().length()).max().orElse(0);
    for (TopicState topic : topics) {
      String line =
          padded(text(topic.creation()), states) + padded(topic.name(), names) + topic.details();
      out.println(line.stripTrailing());
    }
    out.flush();
  }

  private static String padded(String text, int columns) {
    return text + " ".repeat(columns - text.length() + 2);
  }

  private String text(Creation creation) {
    return switch (creation) {
      case CREATED -> dryRun ? "would create" : "created";
      case EXISTS -> "exists";
      case UNUSED -> "unused";
      case FAILED -> dryRun ? "would fail" : "failed";
    };
  }
}
