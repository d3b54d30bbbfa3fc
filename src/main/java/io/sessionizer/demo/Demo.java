package io.sessionizer.demo;

import io.sessionizer.SessionizationJob;
import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.LocalTopics;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.generator.KafkaVisitSink;
import io.sessionizer.generator.RateLimit;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.VisitFeed;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.kafka.admin.RecordTail;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.JobSpec;
import io.sessionizer.metrics.JobEndpoint;
import io.sessionizer.metrics.JobProgress;
import io.sessionizer.metrics.RejectionCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A broker, generated visits, the job, and a consumer of its sessions, all on this machine. */
public final class Demo {
  private final Traffic traffic;
  private final RateLimit limit;
  private final List<String> jobFlags;
  private final Listener listener;

  /** A listener for the progress of a demo. */
  public interface Listener {
    /** Called when a step starts, for example {@code starting a Kafka broker}. */
    void stepStarted(String step);

    /**
     * Called when the broker is ready, with empty topics.
     *
     * @param settings the settings of the job
     * @throws NotReadyException if the listener cannot start
     */
    void brokerStarted(Settings settings) throws NotReadyException, IOException;

    /** Called before the broker stops. */
    void brokerStopping();

    /** Called for every emitted session, corrections included. */
    void sessionEmitted(String json);

    /**
     * Called repeatedly while the job runs.
     *
     * @param job the job's own metrics
     * @param open number of open sessions
     * @param emitted the emitted sessions
     */
    void progressed(JobProgress job, long open, SessionTally emitted);
  }

  /**
   * The summary of a demo: the place of every visit.
   *
   * @param written records written to the visits topic
   * @param sessions the content of the sessions topic
   * @param late visits that were too late
   * @param deadLetters records on the topic for dead letters
   * @param rejections the same by reason, as counted by the job
   * @param elapsed wall time, from the start of the broker to the end of the job
   */
  public record Summary(
      VisitFeed.FeedSummary written,
      SessionTally sessions,
      long late,
      long deadLetters,
      RejectionCounts rejections,
      Duration elapsed) {
    /** Returns whether every record written is in exactly one place. */
    public boolean isAccountedFor() {
      return written.records() == sessions.visits() + late + deadLetters;
    }

    /** Returns whether records were written, and none is in a session. */
    public boolean hasAcceptedNone() {
      return written.records() > 0 && sessions.visits() == 0;
    }
  }

  /**
   * Creates a demo.
   *
   * @param traffic the visits; with {@link Traffic#ENDLESS} the demo runs until stopped
   * @param limit the rate limit of the visits
   * @param jobFlags flags of the job, besides those that the demo sets
   * @param listener receives the progress
   */
  public Demo(Traffic traffic, RateLimit limit, List<String> jobFlags, Listener listener) {
    this.traffic = traffic;
    this.limit = limit;
    this.jobFlags = List.copyOf(jobFlags);
    this.listener = listener;
  }

  /**
   * Runs until every visit is processed, or until {@code stopped}.
   *
   * @throws NotReadyException if the broker does not start
   * @throws BadFlagsException if flags of the job are invalid
   * @throws IOException if visits cannot be written or sessions cannot be read
   */
  public Summary run(BooleanSupplier stopped)
      throws NotReadyException, BadFlagsException, IOException, InterruptedException {
    // Reports invalid flags before it starts a broker.
    JobSpec first = Flags.parseForTopics(flags("127.0.0.1:9092"));
    if (!first.hasMetrics()) {
      throw new BadFlagsException(
          List.of("--disableMetrics=true: is for run; the demo shows what the job has counted"));
    }
    Settings settings = first.settings();
    if (settings.topics().visits().size() > 1) {
      throw new BadFlagsException(
          List.of(
              "--visitsTopic=%s: must be one topic; the demo writes its visits to it"
                  .formatted(settings.topics().visitsAsFlag())));
    }
    long start = System.nanoTime();
    listener.stepStarted("starting a Kafka broker");
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalBroker broker = LocalBroker.start(folder.path(), 0)) {
      LocalTopics.create(broker.address(), settings);
      Map<String, Object> client =
          Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.address());
      SessionTally tally = new SessionTally();
      JobSpec spec = Flags.parse(flags(broker.address()));
      ExpectedOpenSessions open =
          new ExpectedOpenSessions(settings.policy(), settings.maxOutOfOrderness());
      listener.brokerStarted(spec.settings());
      try (KafkaVisitSink sink = KafkaVisitSink.open(settings.topics().visits().get(0), client);
          RecordTail sessions = RecordTail.fromBeginning(settings.topics().sessions(), client);
          JobEndpoint endpoint = JobEndpoint.open(settings.metrics(), NotReadyException::new);
          RecordTail deadLetters =
              RecordTail.fromBeginning(settings.topics().deadLetters(), client);
          BackgroundFeed feed =
              new BackgroundFeed(
                  new VisitFeed(open.recording(new VisitGenerator(traffic)), sink, limit))) {
        listener.stepStarted("writing visits");
        if (!isEndless()) {
          feed.waitUntilWritten(stopped, broker);
        }
        if (stopped.getAsBoolean()) {
          return new Summary(feed.stop(), tally, 0, 0, new RejectionCounts(), since(start));
        }
        listener.stepStarted("starting the job");
        PipelineResult job = SessionizationJob.start(spec);
        endpoint.watch(job);
        while (!stopped.getAsBoolean() && !job.getState().isTerminal()) {
          broker.requireRunning();
          feed.requireNoFailure();
          sessions.poll(record -> emit(record, tally));
          JobProgress metrics = JobProgress.of(job);
          listener.progressed(metrics, metrics.watermark().map(open::count).orElse(0L), tally);
        }
        if (job.getState().isTerminal()) {
          job.waitUntilFinish(); // throws the exception of a failed job
        } else {
          job.cancel();
        }
        Duration elapsed = since(start);
        sessions.drain(record -> emit(record, tally));
        long[] dead = {0};
        deadLetters.drain(record -> dead[0]++);
        JobProgress metrics = JobProgress.of(job);
        return new Summary(
            feed.stop(), tally, metrics.visitsLate(), dead[0], metrics.rejections(), elapsed);
      } catch (IOException | NotReadyException | RuntimeException e) {
        broker.requireRunning(); // A broker that has stopped is the cause.
        throw e;
      } finally {
        listener.brokerStopping();
      }
    }
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private void emit(ConsumerRecord<byte[], byte[]> record, SessionTally tally) {
    try {
      tally.add(record);
    } catch (IOException e) {
      throw new UncheckedIOException("malformed record on the sessions topic", e);
    }
    if (record.value() != null) {
      listener.sessionEmitted(new String(record.value(), StandardCharsets.UTF_8));
    }
  }

  private boolean isEndless() {
    return traffic.visits() == Traffic.ENDLESS;
  }

  private String[] flags(String bootstrapServers) {
    List<String> flags = new ArrayList<>();
    // The watermark advances between batches: with all visits in one batch none would be late.
    flags.add("--consumerConfig=max.poll.records=10");
    flags.addAll(jobFlags);
    flags.add("--bootstrapServers=" + bootstrapServers);
    if (!isEndless()) {
      flags.add("--stopWhenDrained");
    }
    return flags.toArray(String[]::new);
  }
}
