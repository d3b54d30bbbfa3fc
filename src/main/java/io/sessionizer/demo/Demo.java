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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A broker, generated visits, the job, and a consumer of its sessions, all on this machine. */
public final class Demo {
  private final Traffic traffic;
  private final RateLimit limit;
  private final List<String> jobFlags;
  private final Audience audience;

  /** Who watches a demo. */
  public interface Audience {
    /** A new step begins, for example {@code starting a Kafka broker}. */
    void step(String what);

    /**
     * The broker is there, with its topics, and nothing on them yet.
     *
     * @param settings those that the job will have
     * @throws NotReadyException if the audience cannot begin
     */
    void brokerStarted(Settings settings) throws NotReadyException, IOException;

    /** The broker is about to end. */
    void brokerEnds();

    /** A session came out, or came out again corrected. */
    void session(String json);

    /**
     * The job is so far.
     *
     * @param job its own metrics
     * @param open how many sessions are open
     * @param closed what has come out
     */
    void progress(JobProgress job, long open, SessionTally closed);
  }

  /**
   * What came of the visits.
   *
   * @param written records written to the visits topic
   * @param sessions what is on the sessions topic
   * @param late visits that came too late
   * @param deadLetters records on the dead letters' topic
   * @param rejections the same by reason, as the job counted them
   * @param elapsed wall time, from the start of the broker to the end of the job
   */
  public record Summary(
      VisitFeed.FeedSummary written,
      SessionTally sessions,
      long late,
      long deadLetters,
      RejectionCounts rejections,
      Duration elapsed) {
    /** Whether every record that was written is in exactly one of the places it can be in. */
    public boolean isAccountedFor() {
      return written.records() == sessions.visits() + late + deadLetters;
    }

    /** Whether records were written, and none of them is in a session. */
    public boolean hasAcceptedNone() {
      return written.records() > 0 && sessions.visits() == 0;
    }
  }

  /**
   * Prepares a demo.
   *
   * @param traffic the visits; if they are {@link Traffic#ENDLESS}, the demo goes on until stopped
   * @param limit how quickly visits are written, if they are endless
   * @param jobFlags flags for the job, besides those that the demo sets
   * @param audience is told what happens
   */
  public Demo(Traffic traffic, RateLimit limit, List<String> jobFlags, Audience audience) {
    this.traffic = traffic;
    this.limit = limit;
    this.jobFlags = List.copyOf(jobFlags);
    this.audience = audience;
  }

  /**
   * Runs until every visit is dealt with, or until {@code stopped}.
   *
   * @throws NotReadyException if the broker does not come up
   * @throws BadFlagsException if the job cannot use its flags
   * @throws IOException if visits cannot be written or sessions cannot be read
   */
  public Summary run(BooleanSupplier stopped)
      throws NotReadyException, BadFlagsException, IOException, InterruptedException {
    // Flags that cannot be used are reported before a broker is started for them.
    JobSpec first = Flags.parse(flags("127.0.0.1:9092"));
    if (!first.hasMetrics()) {
      throw new BadFlagsException(
          List.of("--disableMetrics=true: is for run; the demo shows what the job has counted"));
    }
    Settings settings = first.settings();
    long start = System.nanoTime();
    audience.step("starting a Kafka broker");
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalBroker broker = LocalBroker.start(folder.path(), 0)) {
      LocalTopics.create(broker.address());
      Map<String, Object> client =
          Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.address());
      SessionTally tally = new SessionTally();
      JobSpec spec = Flags.parse(flags(broker.address()));
      ExpectedOpenSessions open =
          new ExpectedOpenSessions(settings.policy(), settings.maxOutOfOrderness());
      audience.brokerStarted(spec.settings());
      try (KafkaVisitSink sink = KafkaVisitSink.open(settings.topics().visits(), client);
          RecordTail sessions = RecordTail.fromBeginning(settings.topics().sessions(), client);
          JobEndpoint endpoint = JobEndpoint.open(settings.metrics(), NotReadyException::new);
          RecordTail deadLetters =
              RecordTail.fromBeginning(settings.topics().deadLetters(), client);
          Feeding feeding =
              new Feeding(new VisitFeed(open.watch(new VisitGenerator(traffic)), sink, limit))) {
        audience.step("writing visits");
        if (!isEndless()) {
          feeding.awaitUnless(stopped, broker);
        }
        if (stopped.getAsBoolean()) {
          return new Summary(feeding.end(), tally, 0, 0, new RejectionCounts(), since(start));
        }
        audience.step("starting the job");
        PipelineResult job = SessionizationJob.start(spec);
        endpoint.watch(job);
        while (!stopped.getAsBoolean() && !job.getState().isTerminal()) {
          broker.requireRunning();
          feeding.check();
          sessions.poll(record -> show(record, tally));
          JobProgress metrics = JobProgress.of(job);
          audience.progress(metrics, metrics.watermark().map(open::count).orElse(0L), tally);
        }
        if (job.getState().isTerminal()) {
          job.waitUntilFinish(); // for its exception, if it failed
        } else {
          job.cancel();
        }
        Duration elapsed = since(start);
        sessions.drain(record -> show(record, tally));
        long[] dead = {0};
        deadLetters.drain(record -> dead[0]++);
        JobProgress metrics = JobProgress.of(job);
        return new Summary(
            feeding.end(), tally, metrics.visitsLate(), dead[0], metrics.rejections(), elapsed);
      } catch (IOException | NotReadyException | RuntimeException e) {
        broker.requireRunning(); // else that is the reason
        throw e;
      } finally {
        audience.brokerEnds();
      }
    }
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private void show(ConsumerRecord<byte[], byte[]> record, SessionTally tally) {
    try {
      tally.add(record);
    } catch (IOException e) {
      throw new UncheckedIOException("what the job wrote is no JSON", e);
    }
    if (record.value() != null) {
      audience.session(new String(record.value(), StandardCharsets.UTF_8));
    }
  }

  private boolean isEndless() {
    return traffic.visits() == Traffic.ENDLESS;
  }

  private String[] flags(String bootstrapServers) {
    List<String> flags = new ArrayList<>();
    // The watermark moves between batches. In one of all visits none would be late.
    flags.add("--consumerConfig=max.poll.records=10");
    flags.addAll(jobFlags);
    flags.add("--bootstrapServers=" + bootstrapServers);
    if (!isEndless()) {
      flags.add("--stopWhenDrained");
    }
    return flags.toArray(String[]::new);
  }

  /** A feed in a thread of its own. */
  private static final class Feeding implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;

    private final VisitFeed feed;
    private final FutureTask<VisitFeed.FeedSummary> task;

    Feeding(VisitFeed feed) {
      this.feed = feed;
      this.task = new FutureTask<>(() -> feed.run(count -> {}));
      Thread thread = new Thread(task, "feed");
      thread.setDaemon(true);
      thread.start();
    }

    /** Fails as the feed did, if it did. */
    void check() throws IOException, InterruptedException {
      if (task.isDone()) {
        await();
      }
    }

    /** Waits until all is written; of a million visits not longer than somebody wants to. */
    void awaitUnless(BooleanSupplier stopped, LocalBroker broker)
        throws IOException, InterruptedException {
      while (!task.isDone() && !stopped.getAsBoolean()) {
        broker.requireRunning();
        Thread.sleep(LOOK_MILLIS);
      }
      check();
    }

    VisitFeed.FeedSummary await() throws IOException, InterruptedException {
      try {
        return task.get();
      } catch (ExecutionException e) {
        throw new IOException(e.getCause().getMessage(), e.getCause());
      }
    }

    VisitFeed.FeedSummary end() throws IOException, InterruptedException {
      feed.stop();
      return await();
    }

    @Override
    public void close() {
      feed.stop();
    }
  }
}
