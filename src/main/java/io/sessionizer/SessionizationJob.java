package io.sessionizer;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.config.Settings;
import io.sessionizer.config.Shutdown;
import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.kafka.ReadVisits;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.kafka.WriteDeadLetters;
import io.sessionizer.kafka.WriteLateVisits;
import io.sessionizer.kafka.WriteSessions;
import io.sessionizer.kafka.admin.KafkaSettingsCheck;
import io.sessionizer.kafka.admin.OutputTopicCheck;
import io.sessionizer.kafka.admin.ProducerCheck;
import io.sessionizer.kafka.admin.TopicCheck;
import io.sessionizer.launch.BackgroundJob;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.JobSpec;
import io.sessionizer.launch.dataflow.DataflowFlags;
import io.sessionizer.launch.dataflow.DataflowHandover;
import io.sessionizer.launch.dataflow.DataflowOptions;
import io.sessionizer.launch.flink.ClusterCheck;
import io.sessionizer.launch.flink.FlinkOptions;
import io.sessionizer.metrics.JobEndpoint;
import io.sessionizer.metrics.JobProgress;
import io.sessionizer.process.OutOfMemory;
import io.sessionizer.process.TemporaryFolders;
import io.sessionizer.sessions.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job on a runner, from flags to exit code; also the main class of a job on a Flink cluster.
 */
public final class SessionizationJob {
  /** The job ended as it was meant to. */
  public static final int DONE = 0;

  /** The job failed while it ran. */
  public static final int FAILED = 1;

  /** The flags cannot be used. */
  public static final int BAD_FLAGS = 2;

  /** A broker, a topic, a port or a Kafka setting cannot be used. */
  public static final int NOT_READY = 3;

  /** The job read records, and accepted none of them. */
  public static final int NONE_ACCEPTED = 4;

  private static final Logger LOG = LoggerFactory.getLogger(SessionizationJob.class);

  private SessionizationJob() {}

  /**
   * Hands the job to the Flink cluster that has called this, or, if another runner is named, to
   * that one, and returns. Flex Templates of Dataflow call it, too.
   *
   * @throws BadFlagsException if the flags cannot be used
   * @throws NotReadyException if no broker answers or a topic is missing
   */
  public static void main(String[] args) throws BadFlagsException, NotReadyException {
    JobSpec job = Flags.parseOnFlink(args);
    if (DataflowFlags.isDataflow(job.options())) {
      start(job);
    } else {
      assemble(job).pipeline(job.options()).run();
    }
  }

  /** Runs the job until it ends, and returns its exit code. */
  public static int run(String... args) {
    try {
      return run(Flags.parse(args));
    } catch (BadFlagsException e) {
      e.problems().forEach(System.err::println);
      return BAD_FLAGS;
    } catch (NotReadyException e) {
      System.err.println(e.getMessage());
      return NOT_READY;
    }
  }

  /**
   * Runs the job until it ends, and returns its exit code. A job without end is only handed over,
   * if a cluster is there to run it.
   *
   * @throws BadFlagsException if the flags cannot be used with what the topics have
   * @throws NotReadyException if no broker or no cluster answers, or a topic is missing
   */
  public static int run(JobSpec spec) throws BadFlagsException, NotReadyException {
    TemporaryFolders.deleteThoseOfDeadProcesses();
    SessionizationOptions options = spec.options();
    String cluster = FlinkOptions.cluster(options);
    try (JobEndpoint endpoint =
        JobEndpoint.open(spec.settings().metrics(), NotReadyException::new)) {
      PipelineResult job = start(spec);
      endpoint.watch(job);
      if (DataflowFlags.isDataflow(options)
          && (!options.getStopWhenDrained() || DataflowFlags.of(options).isTemplate())) {
        return DONE;
      }
      if (cluster != null && !options.getStopWhenDrained()) {
        LOG.info("the job runs until it is stopped: {}", ClusterCheck.of(cluster).webInterface());
        return DONE;
      }
      return await(job, FlinkOptions.hasNoMetrics(options), spec.settings().showsDeadLetters());
    }
  }

  /**
   * Starts the job.
   *
   * @throws BadFlagsException if the flags cannot be used with what the topics have
   * @throws NotReadyException if no broker or no cluster answers, or a topic is missing
   */
  public static PipelineResult start(JobSpec spec) throws BadFlagsException, NotReadyException {
    SessionizationOptions options = spec.options();
    if (DataflowFlags.isDataflow(options)) {
      DataflowHandover handover = DataflowHandover.prepare(options);
      Assembled job = assemble(spec);
      DataflowOptions dataflow = options.as(DataflowOptions.class);
      if (dataflow.getDesiredNumUnboundedSourceSplits() < 1) {
        // The runner's own number depends on how many workers there may be.
        dataflow.setDesiredNumUnboundedSourceSplits(job.partitions());
      }
      return handover.submit(job::pipeline);
    }
    String cluster = FlinkOptions.cluster(options);
    if (cluster == null) {
      Assembled job = assemble(spec);
      return BackgroundJob.start(job.pipeline(options), job.commitEnds());
    }
    ClusterCheck check = ClusterCheck.of(cluster);
    check.requireVersion();
    FlinkOptions flink = options.as(FlinkOptions.class);
    if (flink.getStateBackendStoragePath() == null) {
      check.requireCheckpointFolder();
    }
    int freeSlots = check.freeSlots();
    Assembled job = assemble(spec);
    if (flink.getParallelism() < 1) {
      flink.setParallelism(Math.min(freeSlots, job.partitions()));
    }
    LOG.info("--flinkMaster={} --parallelism={}", cluster, flink.getParallelism());
    Pipeline pipeline = job.pipeline(options);
    try {
      return pipeline.run();
    } catch (RuntimeException e) {
      LOG.debug("handing over the job", e);
      throw new NotReadyException(
          "the Flink at %s did not take the job: %s".formatted(cluster, rootCause(e).getMessage()));
    }
  }

  /**
   * A job that can be run.
   *
   * @param edges where it reads and writes
   * @param settings what it does
   * @param partitions how many partitions it reads
   * @param commitEnds commits where it ended, for a runner that does not
   */
  private record Assembled(Edges edges, Settings settings, int partitions, Runnable commitEnds) {
    Pipeline pipeline(PipelineOptions options) {
      return SessionizationJob.pipeline(options.as(SessionizationOptions.class), edges, settings);
    }
  }

  private static Assembled assemble(JobSpec spec) throws BadFlagsException, NotReadyException {
    SessionizationOptions options = spec.options();
    Settings settings = spec.settings();
    TopicNames topics = settings.topics();
    String servers = settings.bootstrapServers();
    KafkaSettingsCheck.require(settings, settings.policy().maxBytes());
    TopicCheck input = new TopicCheck(servers, settings.consumerConfig(), "--consumerConfig");
    TopicCheck output = new TopicCheck(servers, settings.producerConfig(), "--producerConfig");
    List<String> missing = new ArrayList<>(input.missing(List.of(topics.visits())));
    missing.addAll(output.missing(outputs(settings)));
    output.requireNone(missing);
    ProducerCheck.require(settings, outputs(settings));
    OutputTopicCheck.require(settings, input, output, outputs(settings));
    List<TopicPartition> partitions = input.partitions(topics.visits());
    Map<TopicPartition, Long> ends =
        settings.stopWhenDrained() ? input.ends(topics.visits()) : Map.of();
    Rewind rewind = settings.rewind() == null ? Rewind.NONE : input.rewind(settings);
    Delivery delivery = delivery(options, settings.engine());
    Edges kafka =
        new Edges(
            ReadVisits.from(settings, partitions, input.id(topics.visits()), rewind, ends),
            WriteSessions.with(settings, delivery, rewind),
            WriteLateVisits.with(settings, delivery),
            WriteDeadLetters.with(settings, output.maxMessageBytes(topics.deadLetters())));
    LOG.info(
        "{} on {}, engine {} ({})",
        settings,
        options.getRunner().getSimpleName(),
        settings.engine().flagValue(),
        options.getEngine() == null ? whyDefault(settings.engine()) : "as asked for");
    if (settings.rewind() != null) {
      LOG.info("{}", rewind);
    }
    LOG.info("{}", Flags.runnerFlags(options));
    return new Assembled(kafka, settings, partitions.size(), () -> input.commit(ends));
  }

  /**
   * Creates the pipeline. The user's settings for Kafka, which may be secrets, leave the options:
   * runners send those to every step, log them, and show them.
   */
  static Pipeline pipeline(SessionizationOptions options, Edges edges, Settings settings) {
    options.setConsumerConfig(Map.of());
    options.setProducerConfig(Map.of());
    Pipeline pipeline = Pipeline.create(options);
    SessionizationPipeline.assemble(pipeline, edges, settings.policy(), settings.engine());
    return pipeline;
  }

  /**
   * Beam's Flink runner loses what waits for a checkpoint when the input ends, so a job that ends
   * by itself does not wait. On Dataflow the step that waits has state, in front of which the
   * service keeps what comes out of the steps before. The windows engine, which takes nothing back,
   * does not wait there.
   */
  static Delivery delivery(SessionizationOptions options, Engine engine) {
    boolean waits =
        DataflowFlags.isDataflow(options)
            ? engine == Engine.STATEFUL
            : FlinkOptions.hasCheckpoints(options) && !options.getStopWhenDrained();
    return waits ? Delivery.AFTER_CHECKPOINT : Delivery.AT_ONCE;
  }

  private static String whyDefault(Engine engine) {
    return switch (engine) {
      case WINDOWS -> "the default";
      case STATEFUL -> "the default on streaming Flink, where session windows leak";
    };
  }

  /** Returns the topics that the job writes to. */
  public static List<String> outputs(Settings settings) {
    TopicNames topics = settings.topics();
    return settings.engine() == Engine.STATEFUL
        ? List.of(topics.sessions(), topics.lateVisits(), topics.deadLetters())
        : List.of(topics.sessions(), topics.deadLetters());
  }

  /**
   * Waits for a job to end, and returns its exit code. A signal to end the JVM cancels the job, so
   * that it leaves no half-closed connection and no noise behind.
   *
   * @param hasNoMetrics whether the job counts nothing
   * @param showsDeadLetters the command that shows rejected records
   */
  private static int await(PipelineResult job, boolean hasNoMetrics, String showsDeadLetters) {
    AtomicBoolean cancelled = new AtomicBoolean();
    Runnable cancel = () -> cancel(job, cancelled);
    Shutdown.first(cancel);
    try {
      PipelineResult.State state = job.waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        if (!cancelled.get()) {
          LOG.error("the job is {}", state);
        }
        return FAILED;
      }
      if (hasNoMetrics) {
        LOG.info("done; nothing was counted, because of --disableMetrics=true");
        return DONE;
      }
      JobProgress metrics = JobProgress.of(job);
      LOG.info(
          "done: {} visits read, {} too late, {} dead letters, {} session records written",
          metrics.visitsRead(),
          metrics.visitsLate(),
          metrics.visitsRejected(),
          metrics.sessionsWritten());
      if (metrics.hasAcceptedNone()) {
        LOG.warn("none of {} records accepted: exit code {}", metrics.visitsRead(), NONE_ACCEPTED);
      }
      if (metrics.visitsRejected() > 0) {
        LOG.warn(
            "{} of {} records rejected: {}; {} shows them",
            metrics.visitsRejected(),
            metrics.visitsRead(),
            metrics.rejections(),
            showsDeadLetters);
      }
      return metrics.hasAcceptedNone() ? NONE_ACCEPTED : DONE;
    } catch (RuntimeException | Error e) {
      OutOfMemory.endIfCauseOf(e);
      // A job that is cancelled in the middle of something may fail at that.
      if (!cancelled.get()) {
        LOG.error("the job failed: {}", rootCause(e), e);
      }
      return FAILED;
    } finally {
      Shutdown.remove(cancel);
    }
  }

  private static Throwable rootCause(Throwable e) {
    return e.getCause() == null ? e : rootCause(e.getCause());
  }

  private static void cancel(PipelineResult job, AtomicBoolean cancelled) {
    cancelled.set(true);
    LOG.info("cancelling the job");
    try {
      job.cancel();
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("the job cannot be cancelled: {}", e.getMessage());
    }
  }
}
