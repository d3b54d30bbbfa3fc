package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.Flags;
import io.sessionizer.local.KafkaVisitSink;
import io.sessionizer.local.LocalBroker;
import io.sessionizer.local.LocalTopics;
import io.sessionizer.local.Pace;
import io.sessionizer.local.RecordTail;
import io.sessionizer.local.TemporaryFolder;
import io.sessionizer.local.Traffic;
import io.sessionizer.local.VisitFeed;
import io.sessionizer.local.VisitGenerator;
import io.sessionizer.sessions.ModelSessionizer;
import io.sessionizer.visits.Visit;
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
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Traffic that is written while a job on a cluster sessionizes it and processes are killed, a
 * broker of its own among them. In the end the topics are held against the naive model.
 */
final class KilledTraffic implements AutoCloseable {
  private static final Duration GAP = Duration.ofMinutes(16);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final VisitParser PARSER =
      new VisitParser(1 << 20, Duration.ofHours(1), Clock.systemUTC());

  private final FlinkCluster cluster;
  private final TemporaryFolder folder;
  private LocalBroker broker;
  private final FutureTask<VisitFeed.Report> feed;
  private final KafkaVisitSink sink;

  /** What can be killed; everything is started again at once, but for a broker that stays away. */
  enum Victim {
    TASK_MANAGER,
    JOB_MANAGER,
    BROKER,
    ALL
  }

  /** Starts a broker, the traffic, and a job with {@code flags}. */
  KilledTraffic(FlinkCluster cluster, Traffic traffic, Pace pace, String... flags)
      throws Exception {
    this.cluster = cluster;
    this.folder = TemporaryFolder.create();
    this.broker = LocalBroker.start(folder.path(), 0);
    LocalTopics.create(broker.address());
    this.sink = KafkaVisitSink.open("visits", patientClient());
    this.feed =
        new FutureTask<>(
            () -> new VisitFeed(new VisitGenerator(traffic), sink, pace).run(count -> {}));
    Thread thread = new Thread(feed, "feed");
    thread.setDaemon(true);
    thread.start();
    List<String> all =
        new ArrayList<>(
            List.of(
                "--runner=FlinkRunner",
                "--flinkMaster=" + cluster.address(),
                "--bootstrapServers=" + broker.address()));
    all.addAll(List.of(flags));
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
  void awaitCheckpoint() throws Exception {
    FlinkCluster.await("a job that runs", PATIENCE, () -> cluster.runningJob().isPresent());
    int before = cluster.checkpoints();
    FlinkCluster.await("a checkpoint", PATIENCE, () -> cluster.checkpoints() > before);
  }

  /**
   * Kills, and starts again.
   *
   * @param awayMillis how long a killed broker stays away
   * @return how long it took until all steps of the job ran again
   */
  Duration kill(Victim victim, long awayMillis) throws Exception {
    URI job = URI.create("jobs/" + cluster.runningJob().orElseThrow());
    long restarts = restarts(job);
    long killed = System.nanoTime();
    switch (victim) {
      case TASK_MANAGER -> cluster.kill("taskmanager-2");
      case JOB_MANAGER -> cluster.kill("jobmanager");
      case BROKER -> killBroker(awayMillis);
      case ALL -> {
        cluster.kill("jobmanager");
        cluster.kill("taskmanager-1");
        cluster.kill("taskmanager-2");
        cluster.kill("zookeeper");
        killBroker(awayMillis);
      }
    }
    cluster.revive();
    if (victim != Victim.BROKER) {
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

  private void killBroker(long awayMillis) throws Exception {
    int port = Integer.parseInt(broker.address().replaceFirst(".*:", ""));
    FlinkCluster.kill(broker.process());
    Thread.sleep(awayMillis);
    broker = LocalBroker.start(folder.path(), port);
  }

  /**
   * Waits for the last visit, closes all sessions by visits of much later, waits until the job has
   * written them, and compares.
   */
  Outcome finish() throws Exception {
    VisitFeed.Report report = feed.get();
    List<ConsumerRecord<byte[], byte[]>> visitRecords = read("visits");
    List<Visit> visits = new ArrayList<>();
    int broken = 0;
    for (ConsumerRecord<byte[], byte[]> visitRecord : visitRecords) {
      if (PARSER.parse(visitRecord.value()) instanceof Visit visit) {
        visits.add(visit);
      } else {
        broken++;
      }
    }
    assertTrue(visitRecords.size() >= report.records(), "not every visit was written");
    writeClosingVisits(visits.stream().mapToLong(Visit::eventTimeMillis).max().orElseThrow());
    SortedMap<String, String> expected =
        SessionsTable.ofSessions(ModelSessionizer.sessions(visits, GAP));
    SortedMap<String, String> table = new TreeMap<>();
    try (RecordTail tail = RecordTail.fromBeginning("sessions", client())) {
      FlinkCluster.await(
          "every session",
          PATIENCE,
          () -> {
            tail.drain(change -> SessionsTable.apply(change, table));
            return table.keySet().containsAll(expected.keySet());
          });
    }
    // What was read again after the last failure is written again: it must change nothing.
    awaitCheckpoint();
    cluster.cancelJobs();
    List<ConsumerRecord<byte[], byte[]>> all = read("sessions");
    assertEquals(expected, SessionsTable.of(all), "the sessions, read as a table");
    assertDeduplicatedLogIsTheTable(all, expected);
    Set<String> deadPlaces = new HashSet<>();
    List<ConsumerRecord<byte[], byte[]>> dead = read("dead-letters");
    dead.forEach(letter -> deadPlaces.add(place(TestKafka.headers(letter))));
    assertEquals(broken, deadPlaces.size(), "dead letters, each counted once");
    assertEquals(0, read("late-visits").size(), "none was late");
    return new Outcome(
        visitRecords.size(),
        expected.size(),
        all.size() - expected.size(),
        broken,
        dead.size() - broken);
  }

  /**
   * What came of it.
   *
   * @param visits records on the visits topic
   * @param sessions sessions, none missing, none wrong
   * @param repeatedSessions session records that came more than once
   * @param deadLetters records that were no visits
   * @param repeatedDeadLetters dead letters that came more than once
   */
  record Outcome(
      int visits, int sessions, int repeatedSessions, int deadLetters, int repeatedDeadLetters) {}

  private static String place(Map<String, String> headers) {
    return headers.get("source.partition") + "@" + headers.get("source.offset");
  }

  /** A consumer of the log that skips a (key, revision) it has seen gets each session once. */
  private static void assertDeduplicatedLogIsTheTable(
      List<ConsumerRecord<byte[], byte[]>> changes, SortedMap<String, String> expected) {
    Set<String> seen = new HashSet<>();
    SortedMap<String, String> log = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> change : changes) {
      String key = new String(change.key(), UTF_8);
      if (seen.add(key + " " + TestKafka.headers(change).get("revision"))) {
        assertEquals(null, log.put(key, new String(change.value(), UTF_8)), key);
      }
    }
    assertEquals(expected, log, "the sessions, read as a log");
  }

  private void writeClosingVisits(long newestMillis) throws Exception {
    String later = Instant.ofEpochMilli(newestMillis).plus(Duration.ofHours(1)).toString();
    Map<String, Object> config = new HashMap<>(client());
    try (var producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      int partitions = producer.partitionsFor("visits").size();
      for (int partition = 0; partition < partitions; partition++) {
        String visit = "{\"visit_id\":\"closing\",\"event_time\":\"%s\"}".formatted(later);
        producer.send(new ProducerRecord<>("visits", partition, null, visit.getBytes(UTF_8))).get();
      }
    }
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
    cluster.cancelJobs();
    sink.close();
    broker.close();
    folder.close();
  }
}
