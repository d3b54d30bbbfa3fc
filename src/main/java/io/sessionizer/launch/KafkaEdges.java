package io.sessionizer.launch;

import static io.sessionizer.launch.JobLog.LOG;

import io.sessionizer.Edges;
import io.sessionizer.Seam;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.CountedNoun;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.StartFrom;
import io.sessionizer.config.TopicNames;
import io.sessionizer.files.NoLateVisits;
import io.sessionizer.files.OpenVisits;
import io.sessionizer.files.ReadFiles;
import io.sessionizer.files.ReadOpenVisits;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.kafka.JobFingerprint;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.kafka.ProvidedPseudonymKey;
import io.sessionizer.kafka.ReadVisits;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.kafka.WriteDeadLetters;
import io.sessionizer.kafka.WriteLateVisits;
import io.sessionizer.kafka.WriteSessions;
import io.sessionizer.kafka.WrittenDeadLetters;
import io.sessionizer.kafka.admin.JobTopic;
import io.sessionizer.kafka.admin.KafkaSettingsCheck;
import io.sessionizer.kafka.admin.OutputTopicCheck;
import io.sessionizer.kafka.admin.ProducerCheck;
import io.sessionizer.kafka.admin.TopicCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.kafka.common.TopicPartition;

/**
 * The edges of a job in Kafka, after a check of brokers, topics and settings.
 *
 * @param edges what reads and writes
 * @param partitions how many partitions are read
 * @param end of a job in this process: commits where it stopped if it drained its topic, for a
 *     runner that does not, and retracts the reports that it runs
 */
record KafkaEdges(Edges edges, int partitions, JobEnd end) {

  /**
   * Checks Kafka for a job, and logs what the job does.
   *
   * @throws BadFlagsException if the flags cannot be used with what the topics have
   * @throws NotReadyException if a broker, a topic or a setting is not ready
   */
  static KafkaEdges prepare(JobSpec job) throws BadFlagsException, NotReadyException {
    Settings settings = job.settings();
    TopicNames topics = settings.topics();
    requirePseudonymKey(settings);
    KafkaSettingsCheck.require(settings, settings.policy().maxBytes());
    TopicCheck input = TopicCheck.ofInput(settings);
    TopicCheck output = TopicCheck.ofOutput(settings);
    requireTopics(job);
    List<String> written = JobTopic.writtenBy(settings);
    ProducerCheck.require(settings, written);
    List<String> all = new ArrayList<>(topics.visits());
    all.addAll(written);
    OutputTopicCheck.require(settings, input, output, all);
    List<TopicPartition> partitions = input.partitions(topics.visits());
    Map<TopicPartition, Long> ends =
        settings.stopWhenDrained() ? input.ends(topics.visits()) : Map.of();
    boolean resumes = job.launcher().resumesState(job);
    if (!resumes && !settings.usesForeignGroup()) {
      input.requireSameJob(settings);
      if (!job.launcher().isCalledByCluster()) {
        input.requireOnlyInstance(settings);
      }
    }
    Rewind rewind = resumes ? Rewind.NONE : input.rewind(settings);
    UUID run = resumes ? input.lastRun(settings).orElseGet(UUID::randomUUID) : UUID.randomUUID();
    Delivery delivery = job.launcher().delivery(job);
    ReadVisits visits =
        ReadVisits.from(settings, partitions, input.ids(topics.visits()), rewind, ends, run);
    if (!resumes && !settings.usesForeignGroup() && job.launcher().isCalledByCluster()) {
      visits.checkInstances();
    }
    Edges edges =
        new Edges(
            visits,
            WriteSessions.with(settings, delivery, rewind, run),
            WriteLateVisits.with(settings, delivery, originalBytes(settings, output)),
            WriteDeadLetters.with(
                settings,
                output.maxMessageBytes(topics.deadLetters()),
                input.writtenDeadLetters(settings, rewind)));
    if (!resumes) {
      edges = edges.with(input.earlierJob(settings, rewind));
    }
    if (settings.openVisits() != null) {
      edges = edges.with(start(job, settings.openVisits()));
    }
    job.log();
    if (resumes && settings.retainsFields()) {
      LOG.info(
          "visits keep the fields that they were read with: rules, attributes and pseudonyms have no"
              + " values of other fields for earlier visits");
    }
    if (!resumes && settings.startFrom().position() == StartFrom.Position.COMMITTED) {
      LOG.info("{}", rewind.isNone() ? input.whyNothingIsCommitted(settings) : rewind);
    }
    LOG.info("{}", job.runnerFlags());
    Runnable commitEnds =
        () -> {
          visits.stopCommits();
          input.commit(ends, JobFingerprint.of(settings));
        };
    Runnable stopped =
        () -> {
          visits.stopCommits();
          input.retractReports(settings, run);
        };
    return new KafkaEdges(
        edges,
        partitions.size(),
        new JobEnd(
            () -> {
              visits.allRead();
              commitEnds.run();
              stopped.run();
            },
            stopped));
  }

  /** Returns how large a late visit may be that is written as it was read. */
  private static int originalBytes(Settings settings, TopicCheck output) throws NotReadyException {
    return ParserSettings.keepsOriginals(settings)
        ? output.maxMessageBytes(settings.topics().lateVisits())
        : 0;
  }

  /** Reads the open visits once, so that a damaged file is found before the job starts. */
  private static Seam start(JobSpec job, String folder) throws NotReadyException {
    FileSystems.setDefaultPipelineOptions(job.options());
    OpenVisits open = OpenVisits.in(folder, job.settings());
    long count = open.count();
    LOG.info(
        "seam {}: {} of open sessions in {}",
        open.seam(),
        CountedNoun.inLog(count, "visit"),
        folder);
    return new Seam.Start(open.seam().toEpochMilli(), new ReadOpenVisits(open));
  }

  /**
   * Checks the topics that a job on files writes.
   *
   * @param visits reads the files
   * @throws NotReadyException if a broker, a topic or a setting is not ready
   */
  static Edges ofOutput(JobSpec job, ReadFiles visits) throws NotReadyException {
    Settings settings = job.settings();
    TopicNames topics = settings.topics();
    List<String> written = List.of(topics.sessions(), topics.deadLetters());
    KafkaSettingsCheck.require(settings, settings.policy().maxBytes());
    TopicCheck output = TopicCheck.ofOutput(settings);
    output.requireNone(output.missing(written), job.topicsCommand());
    ProducerCheck.require(settings, written);
    OutputTopicCheck.require(settings, output, output, written);
    return new Edges(
        visits,
        WriteSessions.with(settings, Delivery.AT_ONCE, Rewind.NONE, UUID.randomUUID()),
        new NoLateVisits(),
        WriteDeadLetters.with(
            settings, output.maxMessageBytes(topics.deadLetters()), WrittenDeadLetters.NONE));
  }

  /**
   * Requests the key of pseudonyms, if there are any.
   *
   * @throws NotReadyException if no config provider has it
   */
  static void requirePseudonymKey(Settings settings) throws NotReadyException {
    String problem = ProvidedPseudonymKey.problem(settings);
    if (problem != null) {
      throw new NotReadyException(List.of(problem));
    }
  }

  /**
   * Checks topics only, with what any build has.
   *
   * @throws NotReadyException if no broker responds or a topic is missing
   */
  static void requireTopics(JobSpec job) throws NotReadyException {
    Settings settings = job.settings();
    TopicCheck output = TopicCheck.ofOutput(settings);
    List<String> missing =
        new ArrayList<>(TopicCheck.ofInput(settings).missing(settings.topics().visits()));
    missing.addAll(output.missing(JobTopic.writtenBy(settings)));
    output.requireNone(missing, job.topicsCommand());
  }
}
