package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.LocalTopics;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.generator.KafkaVisitSink;
import io.sessionizer.generator.RateLimit;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitFeed;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.kafka.admin.RecordTail;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.RecordHeaders;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Traffic that is written while a job on a cluster sessionizes it and processes are killed, a
 * broker of its own among them. In the end the topics are compared with the naive model.
 */
public final class KilledTraffic implements AutoCloseable {
  private static final Duration GAP = Duration.ofMinutes(16);
  private static final int VISITORS = 500;
  private static final String CLOSING = "closing-";
  private static final int CLOSING_VISITS = 64;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final VisitParser PARSER =
      new VisitParser(1 << 20, Duration.ofHours(1), Clock.systemUTC());

  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  private final FlinkRest cluster;
  private final TemporaryFolder folder;
  private LocalBroker broker;
  private final VisitFeed feed;
  private final FutureTask<VisitFeed.FeedSummary> feeding;
  private final KafkaVisitSink sink;
  private final List<String> flags;

  /** What can be killed; everything is started again at once, but for a broker that stays away. */
  public enum Victim {
    TASK_MANAGER,
    JOB_MANAGER,
    BROKER,
    ALL
  }

  /** Starts a broker, traffic without end, and a job with {@code flags}. */
  public KilledTraffic(FlinkRest cluster, TrafficMix mix, long visitsPerSecond, String... flags)
      throws Exception {
    this.cluster = cluster;
    this.folder = TemporaryFolder.create();
    this.broker = LocalBroker.start(folder.path(), 0);
    LocalTopics.create(broker.address());
    this.sink = KafkaVisitSink.open("visits", patientClient());
    Traffic traffic = new Traffic(Traffic.ENDLESS, VISITORS, START, 7, mix);
    this.feed = new VisitFeed(new VisitGenerator(traffic), sink, new RateLimit(visitsPerSecond));
    this.feeding = new FutureTask<>(() -> feed.run(count -> {}));
    Thread thread = new Thread(feeding, "feed");
    thread.setDaemon(true);
    thread.start();
    this.flags = new ArrayList<>(List.of(flags));
    this.flags.add("--bootstrapServers=" + broker.address());
    List<String> all = new ArrayList<>(this.flags);
    all.addAll(List.of("--runner=FlinkRunner", "--flinkMaster=" + cluster.address()));
    SessionizationJob.start(Flags.parse(all.toArray(String[]::new)));
    awaitCheckpoint();
  }

  private Map<String, Object> client() {
    return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.address());
  }

  /** The broker is away for a while, which is not the feed's failure. */
  private Map<String, Object> patientClient() {
    int patienceMillis = (int) PATIENCE.toMillis();
    Map<String, Object> config = new HashMap<>(client());
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patienceMillis);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patienceMillis);
    return config;
  }

  /** Waits until all steps run and a checkpoint has been completed since. */
  public void awaitCheckpoint() throws Exception {
    FlinkCluster.await("a job that runs", PATIENCE, () -> cluster.runningJob().isPresent());
    int before = cluster.checkpoints();
    FlinkCluster.await("a checkpoint", PATIENCE, () -> cluster.checkpoints() > before);
  }

  /**
   * Kills processes of the job's cluster, and starts them again.
   *
   * @param awayMillis how long a killed broker stays away
   * @return how long it took until all steps of the job ran again
   */
  public Duration kill(FlinkCluster processes, Victim victim, long awayMillis) throws Exception {
    return restart(
        victim != Victim.BROKER,
        () -> {
          switch (victim) {
            case TASK_MANAGER -> processes.kill("taskmanager-2");
            case JOB_MANAGER -> processes.kill("jobmanager");
            case BROKER -> restartBroker(awayMillis);
            case ALL -> {
              processes.kill("jobmanager");
              processes.kill("taskmanager-1");
              processes.kill("taskmanager-2");
              processes.kill("zookeeper");
              restartBroker(awayMillis);
            }
          }
          processes.revive();
          return null;
        });
  }

  /**
   * Kills a TaskManager that runs subtasks of the job, and starts another.
   *
   * @return how long it took until all steps of the job ran again
   */
  public Duration kill(FlinkProcesses taskManagers) throws Exception {
    return restart(
        true,
        () -> {
          taskManagers.replaceOne();
          return null;
        });
  }

  /**
   * Kills the broker, which stays away for a while.
   *
   * @return how long it took until it was there, and all steps of the job ran
   */
  public Duration killBroker(long awayMillis) throws Exception {
    return restart(
        false,
        () -> {
          restartBroker(awayMillis);
          return null;
        });
  }

  private Duration restart(boolean stopsJob, Callable<@Nullable Void> kill) throws Exception {
    URI job = URI.create("jobs/" + cluster.runningJob().orElseThrow());
    long restarts = restarts(job);
    long killed = System.nanoTime();
    kill.call();
    if (stopsJob) {
      FlinkCluster.await("a restart", PATIENCE, () -> restarts(job) != restarts);
    }
    FlinkCluster.await("a job that runs", PATIENCE, () -> cluster.runningJob().isPresent());
    return Duration.ofNanos(System.nanoTime() - killed);
  }

  /** Changes with every restart of a job: when its steps were last made. */
  private long restarts(URI job) {
    long newest = 0;
    for (var vertex : cluster.get(job.toString()).path("vertices")) {
      newest = Math.max(newest, vertex.path("start-time").asLong());
    }
    return newest;
  }

  /** Stops the job with a savepoint, and starts it again with so many subtasks. */
  public void rescale(FlinkCluster processes, int parallelism) throws Exception {
    String savepoint = processes.script("savepoint.sh");
    flags.removeIf(flag -> flag.startsWith("--parallelism="));
    List<String> args = new ArrayList<>(List.of(savepoint, "--parallelism=" + parallelism));
    args.addAll(flags);
    processes.script("resume.sh", args.toArray(String[]::new));
    awaitCheckpoint();
  }

  private void restartBroker(long awayMillis) throws Exception {
    int port = Integer.parseInt(broker.address().replaceFirst(".*:", ""));
    FlinkCluster.kill(broker.process());
    Thread.sleep(awayMillis);
    broker = LocalBroker.start(folder.path(), port);
  }

  /**
   * Ends the traffic, closes all sessions by visits of much later, waits until the job has written
   * them, and compares.
   */
  public KillOutcome finish() throws Exception {
    feed.stop();
    long written = feeding.get().records();
    List<ConsumerRecord<byte[], byte[]>> visitRecords = read("visits");
    List<Visit> visits = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> visitRecord : visitRecords) {
      if (PARSER.parse(visitRecord.value()) instanceof Visit visit) {
        visits.add(visit);
      }
    }
    assertTrue(visitRecords.size() >= written, "not every visit was written");
    long newest = visits.stream().mapToLong(Visit::eventTimeMillis).max().orElseThrow();
    closeSessions(newest + Duration.ofHours(1).toMillis());
    // Records read again after the last failure are written again: this must change nothing.
    awaitCheckpoint();
    cluster.cancelJobs();

    List<ConsumerRecord<byte[], byte[]>> changes = read("sessions");
    changes.removeIf(change -> new String(change.key(), UTF_8).startsWith(CLOSING));
    List<ConsumerRecord<byte[], byte[]>> late = read("late-visits");
    List<ConsumerRecord<byte[], byte[]>> dead = read("dead-letters");
    SortedMap<String, String> table = SessionsTable.of(changes);
    assertEquals(
        1,
        changes.stream().map(change -> TestKafka.headers(change).get("run")).distinct().count(),
        "the job has resumed from its state, so it is one run");
    int tooLate = assertRestIsLate(visits, table, late);
    assertEquals(visitRecords.size() - visits.size(), places(dead).size(), "dead letters");
    assertEquals(table, log(changes), "a log without the (key, revision)s that were seen before");
    return new KillOutcome(
        visitRecords.size(),
        table.size(),
        tooLate,
        places(dead).size(),
        changes.size(),
        late.size(),
        dead.size());
  }

  /**
   * The numbers of records, none missing and none wrong.
   *
   * @param visits records on the visits topic
   * @param sessions sessions in the table
   * @param tooLate visits that are in none, but on the topic for late ones
   * @param deadLetters rejected records
   * @param sessionRecords records on the sessions topic, repeated ones among them
   * @param lateRecords the same of the late ones
   * @param deadRecords the same of the dead letters
   */
  public record KillOutcome(
      int visits,
      int sessions,
      int tooLate,
      int deadLetters,
      int sessionRecords,
      int lateRecords,
      int deadRecords) {}

  /**
   * The visits in the table's sessions give these very sessions, and the others are late ones.
   * Which are, depends on when they were read, and may change when they are read again.
   *
   * @return how many others there are
   */
  private static int assertRestIsLate(
      List<Visit> visits,
      SortedMap<String, String> table,
      List<ConsumerRecord<byte[], byte[]>> late)
      throws Exception {
    Map<String, List<Visit>> rest = byPage(visits);
    List<Visit> accepted = new ArrayList<>();
    for (String session : table.values()) {
      Session read = SessionJson.read(session.getBytes(UTF_8), 0);
      for (VisitedPage page : read.pages()) {
        List<Visit> same = rest.get(page(read.visitId(), page.eventTimeMillis(), page.page()));
        assertTrue(same != null && !same.isEmpty(), () -> "never visited: " + page + session);
        accepted.add(same.remove(same.size() - 1));
      }
    }
    assertEquals(SessionsTable.ofSessions(ModelSessionizer.sessions(accepted, GAP)), table);
    List<Visit> tooLate = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> visit : places(late).values()) {
      tooLate.add(VisitJson.parse(visit.value()));
    }
    Map<String, List<Visit>> lateByPage = byPage(tooLate);
    List<Visit> lost = new ArrayList<>();
    rest.forEach(
        (page, missing) -> {
          int reported = lateByPage.getOrDefault(page, List.of()).size();
          lost.addAll(missing.subList(Math.min(reported, missing.size()), missing.size()));
        });
    assertEquals(List.of(), lost, "in no session, and not late");
    return visits.size() - accepted.size();
  }

  private static Map<String, List<Visit>> byPage(List<Visit> visits) {
    Map<String, List<Visit>> byPage = new HashMap<>();
    for (Visit visit : visits) {
      byPage
          .computeIfAbsent(
              page(visit.visitId(), visit.eventTimeMillis(), visit.page()),
              page -> new ArrayList<>())
          .add(visit);
    }
    return byPage;
  }

  private static String page(String visitId, long eventTimeMillis, @Nullable String page) {
    return visitId + " " + eventTimeMillis + " " + page;
  }

  /** What a consumer of the log has that skips every (key, revision) that it has seen. */
  private static SortedMap<String, String> log(List<ConsumerRecord<byte[], byte[]>> changes)
      throws MalformedRecordException {
    Set<String> seen = new HashSet<>();
    SortedMap<String, String> log = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> change : changes) {
      String key = new String(change.key(), UTF_8);
      SessionRecord read = SessionRecord.read(RecordMapping.contents(change));
      if (seen.add(key + " " + read.revision())) {
        SessionsTable.apply(change, log);
      }
    }
    return log;
  }

  /** Records by where they came from: one that was written twice is there once. */
  private static Map<String, ConsumerRecord<byte[], byte[]>> places(
      List<ConsumerRecord<byte[], byte[]>> records) {
    Map<String, ConsumerRecord<byte[], byte[]>> places = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Map<String, String> headers = TestKafka.headers(record);
      places.put(
          headers.get(RecordHeaders.SOURCE_PARTITION)
              + "@"
              + headers.get(RecordHeaders.SOURCE_OFFSET),
          record);
    }
    return places;
  }

  /**
   * Moves the watermark by visits of much later, so that there are some in every subtask, and waits
   * until their sessions are emitted: then all others are.
   */
  private void closeSessions(long laterMillis) throws Exception {
    long muchLaterMillis = laterMillis + Duration.ofHours(1).toMillis();
    Set<String> open = new HashSet<>();
    try (var producer = TestKafka.producer(client())) {
      int partitions = producer.partitionsFor("visits").size();
      for (int i = 0; i < CLOSING_VISITS; i++) {
        open.add(CLOSING + i + "@" + laterMillis);
        send(producer, i % partitions, CLOSING + i, laterMillis);
      }
      for (int partition = 0; partition < partitions; partition++) {
        send(producer, partition, CLOSING + "last", muchLaterMillis);
      }
    }
    try (RecordTail tail = RecordTail.fromBeginning("sessions", client())) {
      FlinkCluster.await(
          "the last sessions",
          PATIENCE,
          () -> {
            tail.poll(change -> open.remove(new String(change.key(), UTF_8)));
            return open.isEmpty();
          });
    }
  }

  private static void send(
      Producer<byte[], byte[]> producer, int partition, String visitId, long millis)
      throws Exception {
    String visit =
        "{\"visit_id\":\"%s\",\"event_time\":\"%s\"}"
            .formatted(visitId, Instant.ofEpochMilli(millis));
    producer.send(new ProducerRecord<>("visits", partition, null, visit.getBytes(UTF_8))).get();
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (RecordTail tail = RecordTail.fromBeginning(topic, client())) {
      tail.drain(records::add);
    }
    return records;
  }

  @Override
  public void close() throws IOException {
    feed.stop();
    cluster.cancelJobs();
    sink.close();
    broker.close();
    folder.close();
  }
}
