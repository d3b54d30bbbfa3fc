package io.sessionizer.launch;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.FlagReader;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.SecretManagerConfigProvider;
import io.sessionizer.launch.dataflow.DataflowFlags;
import io.sessionizer.launch.dataflow.DefaultCredentials;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks a job for Dataflow or Spark without the runner, which is in a jar that takes minutes to
 * build: the script that starts commands runs this first.
 */
public final class Preflight {
  /**
   * A system property with which {@code run} checks, and does no more: {@code job} for a job that
   * is submitted from here, {@code template} for one that a template starts, from a network where
   * brokers have other addresses.
   */
  public static final String PROPERTY = "sessionizer.preflight";

  private static final String TEMPLATE = "template";

  private Preflight() {}

  /**
   * Checks flags and, unless a template starts the job, credentials, brokers and topics, or files.
   *
   * @param what the value of the property
   * @throws BadFlagsException with every problem there is with flags
   * @throws NotReadyException if there are no credentials, no broker responds, or a topic or a file
   *     is missing
   */
  public static void check(String what, String... args)
      throws BadFlagsException, NotReadyException {
    AbsentFlags absent =
        AbsentFlags.of(GivenFlags.withFile(List.of(args))).orElseGet(AbsentFlags::ofDataflow);
    JobSpec job = parse(absent, args);
    if (what.equals(TEMPLATE)) {
      return;
    }
    FileNames files = job.settings().files();
    boolean areFilesHere = job.launcher().isInThisProcess();
    if (files != null && areFilesHere) {
      FileEdges.requireInput(job, files);
      return;
    }
    DataflowFlags flags = DataflowFlags.of(job.options(), absent.values());
    if (flags.credentials() == null && flags.isGoogles()) {
      DefaultCredentials.require(System.getenv(), Path.of(System.getProperty("user.home")));
    }
    if (files == null && !needsGoogle(job.settings())) {
      KafkaEdges.requireTopics(job);
    }
  }

  /**
   * Like {@link Flags#parse} of flags for a runner that is not on the class path.
   *
   * @param absent reads the runner's own flags
   * @return a job that cannot be started, without the runner and its flags
   */
  public static JobSpec parse(AbsentFlags absent, String... args) throws BadFlagsException {
    return Flags.spec(FlagReader.read(List.of(args), absent), absent.launcher());
  }

  /**
   * Returns the settings of a job, for a command that does not start it and works for every way to
   * run it.
   *
   * @throws BadFlagsException with every problem there is
   */
  public static Settings settings(String... args) throws BadFlagsException {
    Optional<AbsentFlags> absent = AbsentFlags.of(GivenFlags.withFile(List.of(args)));
    JobSpec job = absent.isPresent() ? parse(absent.get(), args) : Flags.parseForTopics(args);
    return job.settings();
  }

  /** Whether settings for Kafka are looked up with Google's libraries, which are not here yet. */
  private static boolean needsGoogle(Settings settings) {
    return Stream.of(settings.consumerConfig(), settings.producerConfig())
        .map(Map::values)
        .anyMatch(values -> values.contains(SecretManagerConfigProvider.class.getName()));
  }
}
