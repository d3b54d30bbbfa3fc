package io.sessionizer.kafka.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.CommittedOffset;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.sessions.EarlierJob;
import io.sessionizer.sessions.EarlierSessions;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionizeVisits;
import io.sessionizer.testing.Collected;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.visits.EventTimeRange;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.joda.time.Instant;

/**
 * A job is killed, and another one continues it without its state. Their watermarks trail what they
 * have read by a random number of visits. Times are whole minutes, so that they meet every limit.
 */
class AnyRestartTest {
  private static final String TOPIC = "visits";
  private static final long MINUTE = 60_000;
  private static final long MIDNIGHT = 1_704_067_200_000L;
  private static final long UNKNOWN = Long.MIN_VALUE;

  /** Visit ids of one shard, since a test stream takes long with many elements. */
  private static final List<String> VISITORS =
      IntStream.iterate(0, i -> i + 1)
          .mapToObj(i -> "v" + i)
          .filter(visitId -> VisitPacket.shardOf(visitId) == 0)
          .limit(1_000)
          .toList();

  private record Position(TopicPartition partition, long offset) {}

  /** The topics of output. */
  private static final class Output {
    final Map<String, SessionRecord> table = new TreeMap<>();
    final Set<Position> late = new HashSet<>();
    final Set<Position> consumed = new HashSet<>();

    /** Visit ids with a visit that one job has accepted, and that is too late for another one. */
    final Set<String> undecided = new HashSet<>();

    void add(List<SessionRecord> changes, List<LateVisit> lateVisits) {
      for (SessionRecord change : changes) {
        table.put(change.sessionId().toString(), change.unpacked());
      }
      for (LateVisit visit : lateVisits) {
        late.add(position(visit.located()));
      }
    }

    void consume(LocatedVisit visit, long watermark, Settings settings) {
      Position position = position(visit);
      if (!consumed.add(position)
          && !late.contains(position)
          && !settings.policy().accepts(visit.visit().eventTimeMillis(), watermark)) {
        undecided.add(visit.visit().visitId());
      }
    }

    /** Returns the sessions that are not retracted. */
    List<Session> sessions() {
      List<Session> sessions = new ArrayList<>();
      for (SessionRecord newest : table.values()) {
        if (newest instanceof Upsert upsert) {
          sessions.add(upsert.session());
        }
      }
      return sessions;
    }

    /** Returns the pages of all sessions. */
    Set<String> pages() {
      Set<String> pages = new HashSet<>();
      for (Session session : sessions()) {
        session.pages().forEach(page -> pages.add(String.valueOf(page.page())));
      }
      return pages;
    }
  }

  private final Map<TopicPartition, List<LocatedVisit>> topic =
      new TreeMap<>(Comparator.comparing(TopicPartition::partition));

  /**
   * How far a job comes, in visits.
   *
   * @param flushed the sessions that are closed by these are written
   * @param committed so many are committed
   * @param killed so many are read
   * @param drains whether it is not killed, but stops where its topic ends
   */
  private record Reached(int flushed, int committed, int killed, boolean drains) {
    static Reached random(int from, int size, Random random) {
      int flushed = from + random.nextInt(size - from);
      int committed = flushed + random.nextInt(size - flushed);
      int killed = committed + random.nextInt(size - committed);
      return new Reached(flushed, committed, killed, false);
    }
  }

  @Property(tries = 100)
  void noVisitIsLost(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    Settings settings = settings(random);
    topic.clear();
    List<LocatedVisit> order = visits(random);
    Output output = new Output();
    Reached reached = Reached.random(0, order.size(), random);
    run(settings, EarlierJob.NONE, order, reached, random, Rewind.NONE, output);
    Rewind rewind = restart(settings, order, reached, drained(order), random, output);

    Set<String> pages = output.pages();
    List<LocatedVisit> lost =
        order.stream()
            .filter(visit -> !pages.contains(visit.visit().page()))
            .filter(visit -> !output.late.contains(position(visit)))
            .toList();
    assertEquals(List.of(), lost, rewind::toString);
  }

  /** A visit that is too late joined a retained session, which then started before the others. */
  @Example
  void lateVisitMovesNoSessionToLeftOnes() throws Exception {
    noVisitIsLost(-5784133048798290153L);
  }

  @Property(tries = 50)
  void tableIsThatOfOneJob(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    Settings settings = settings(random);
    topic.clear();
    List<LocatedVisit> order = visits(random);
    Output output = new Output();
    Reached reached = reached(0, order, random);
    run(settings, EarlierJob.NONE, order, reached, random, Rewind.NONE, output);
    List<Object> jobs = new ArrayList<>(List.of(reached));
    for (int restarts = random.nextInt(3); restarts >= 0; restarts--) {
      Reached next = restarts == 0 ? drained(order) : reached(reached.committed(), order, random);
      jobs.add(restart(settings, order, reached, next, random, output));
      jobs.add(next);
      reached = next;
    }

    Set<String> pages = output.pages();
    List<Visit> accepted =
        order.stream()
            .map(LocatedVisit::visit)
            .filter(visit -> pages.contains(visit.page()))
            .filter(visit -> !output.undecided.contains(visit.visitId()))
            .toList();
    List<Session> sessions =
        output.sessions().stream()
            .filter(session -> !output.undecided.contains(session.visitId()))
            .toList();
    Map<String, String> missing =
        SessionsTable.ofSessions(ModelSessionizer.sessions(accepted, settings.policy().gap()));
    Map<String, String> wrong = SessionsTable.ofSessions(sessions);
    Map<String, String> right = new TreeMap<>(missing);
    right.entrySet().retainAll(wrong.entrySet());
    missing.entrySet().removeAll(right.entrySet());
    wrong.entrySet().removeAll(right.entrySet());
    assertEquals(Map.of(), missing, () -> "instead of " + wrong + ": " + jobs);
    assertEquals(Map.of(), wrong, jobs::toString);
  }

  private static Reached reached(int from, List<LocatedVisit> order, Random random) {
    Reached reached = Reached.random(from, order.size(), random);
    return random.nextInt(3) == 0 ? drained(order.subList(0, reached.killed())) : reached;
  }

  private static Reached drained(List<LocatedVisit> order) {
    return new Reached(order.size(), order.size(), order.size(), true);
  }

  /** Continues a job without its state, and returns where that started. */
  private Rewind restart(
      Settings settings,
      List<LocatedVisit> order,
      Reached before,
      Reached next,
      Random random,
      Output output)
      throws Exception {
    Rewind rewind = search(settings, order, before.flushed(), before.committed());
    EarlierJob earlier = rewind.earlierJob();
    for (Position late : output.late) {
      LocatedVisit visit = topic.get(late.partition()).get((int) late.offset());
      earlier.addLateVisit(
          new SourcePosition(TOPIC, late.partition().partition(), late.offset()),
          visit.visit().eventTimeMillis());
    }
    List<SessionId> sessions = output.sessions().stream().map(Session::id).toList();
    List<LocatedVisit> again = new ArrayList<>();
    int flushed = 0;
    int committed = 0;
    int killed = 0;
    for (int i = 0; i < order.size(); i++) {
      Position position = position(order.get(i));
      if (position.offset() >= rewind.starts().getOrDefault(position.partition(), 0L)) {
        again.add(order.get(i));
        flushed += i < next.flushed() ? 1 : 0;
        committed += i < next.committed() ? 1 : 0;
        killed += i < next.killed() ? 1 : 0;
      }
    }
    run(
        settings,
        earlier.with(EarlierSessions.of(sessions)),
        again,
        new Reached(flushed, committed, killed, next.drains()),
        random,
        rewind,
        output);
    return rewind;
  }

  /** Runs a job, and adds what it writes to the output. */
  private static void run(
      Settings settings,
      EarlierJob earlier,
      List<LocatedVisit> all,
      Reached reached,
      Random random,
      Rewind rewind,
      Output output) {
    List<LocatedVisit> visits = all.subList(0, reached.killed());
    TestStream.Builder<VisitPacket> stream = TestStream.create(VisitPacket.CODER);
    int follows = 0;
    long last = UNKNOWN;
    long earliest = rewind.watermark() == null ? UNKNOWN : rewind.watermark().toEpochMilli();
    int maxLag = 1 + random.nextInt(900);
    for (int i = 0; i < visits.size(); ) {
      int to = Math.min(visits.size(), i + 1 + random.nextInt(150));
      Map<TopicPartition, List<LocatedVisit>> batches = new HashMap<>();
      for (LocatedVisit visit : visits.subList(i, to)) {
        batches.computeIfAbsent(position(visit).partition(), p -> new ArrayList<>()).add(visit);
        output.consume(visit, Math.max(last, earliest), settings);
      }
      for (List<LocatedVisit> batch : batches.values()) {
        for (VisitPacket packet : VisitPacket.of(batch)) {
          stream = stream.addElements(TimestampedValue.of(packet, Instant.ofEpochMilli(MIDNIGHT)));
        }
      }
      i = to;
      follows =
          Math.max(
              follows,
              Math.max(
                  i >= reached.committed() ? reached.flushed() : 0, i - random.nextInt(maxLag)));
      long watermark = watermark(visits.subList(0, follows), settings);
      if (watermark != UNKNOWN) {
        stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(watermark));
        last = watermark;
      }
    }
    long closedAt = last;
    Collected<SessionRecord> changes = new Collected<>();
    Collected<LateVisit> late = new Collected<>();
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--targetParallelism=1").create());
    PCollectionTuple sessionized =
        pipeline
            .apply(stream.advanceWatermarkToInfinity())
            .apply(
                SessionizeVisits.with(
                    settings.policy(), Engine.STATEFUL, EventTimeRange.ALL, earlier));
    sessionized.get(SessionizeVisits.SESSIONS).apply("Sessions", changes);
    sessionized.get(SessionizeVisits.LATE_VISITS).apply("LateVisits", late);
    pipeline.run().waitUntilFinish();
    Set<String> killed = new HashSet<>();
    List<SessionRecord> written = new ArrayList<>();
    for (SessionRecord change : changes.elements()) {
      // A test stream ends at the end of time; sessions that are closed by it were not written.
      if (!reached.drains()
          && change.unpacked() instanceof Upsert upsert
          && settings.policy().closesAt(upsert.session().endMillis()) > closedAt) {
        killed.add(change.visitId());
      }
      if (!killed.contains(change.visitId()) && !rewind.leaves(change)) {
        written.add(change);
      }
    }
    output.add(written, late.elements());
  }

  private static long watermark(List<LocatedVisit> read, Settings settings) {
    Map<TopicPartition, Long> newest = new HashMap<>();
    for (LocatedVisit visit : read) {
      newest.merge(position(visit).partition(), visit.visit().eventTimeMillis(), Math::max);
    }
    if (newest.size() < 2) {
      return UNKNOWN;
    }
    return newest.values().stream().mapToLong(each -> each).min().orElseThrow()
        - settings.maxOutOfOrderness().toMillis();
  }

  private static Position position(LocatedVisit visit) {
    SourcePosition position = visit.provenance().position();
    return new Position(
        new TopicPartition(position.topic(), position.partition()), position.offset());
  }

  private static Settings settings(Random random) throws BadFlagsException {
    return Flags.parse(
            "--bootstrapServers=localhost:1",
            "--sessionGap=PT16M",
            "--allowedLateness=PT" + 15 * random.nextInt(3) + "M",
            "--maxOutOfOrderness=PT2M")
        .settings();
  }

  /** Creates visits of some hours, of which some are late. */
  private List<LocatedVisit> visits(Random random) {
    List<LocatedVisit> order = new ArrayList<>();
    int count = 1_500 + random.nextInt(1_000);
    int visitors = 100 + random.nextInt(900);
    long now = MIDNIGHT;
    for (int i = 0; i < count; i++) {
      now += random.nextInt(5) == 0 ? MINUTE : 0;
      long behind = random.nextInt(8) == 0 ? random.nextInt(120) : random.nextInt(3);
      int visitor = random.nextInt(visitors);
      TopicPartition partition = new TopicPartition(TOPIC, visitor % 2);
      List<LocatedVisit> log = topic.computeIfAbsent(partition, p -> new ArrayList<>());
      LocatedVisit visit =
          new LocatedVisit(
              new Visit(VISITORS.get(visitor), now - behind * MINUTE, null, "p" + i),
              new Provenance(new SourcePosition(TOPIC, partition.partition(), log.size()), now));
      log.add(visit);
      order.add(visit);
    }
    return order;
  }

  private Rewind search(Settings settings, List<LocatedVisit> order, int flushed, int committed)
      throws Exception {
    Map<TopicPartition, Long> to = counts(order.subList(0, committed));
    Map<TopicPartition, Long> flushedTo = counts(order.subList(0, flushed));
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    to.forEach(
        (partition, offset) ->
            offsets.put(
                partition,
                new CommittedOffset(offset, flushedTo.getOrDefault(partition, 0L))
                    .in(new OffsetAndMetadata(offset))));
    List<TopicPartition> partitions = List.copyOf(topic.keySet());
    try (TopicInMemory consumer = new TopicInMemory(topic)) {
      consumer.assign(partitions);
      consumer.commitSync(offsets);
      return new RewindSearch(consumer, partitions, settings).find();
    }
  }

  private static Map<TopicPartition, Long> counts(List<LocatedVisit> visits) {
    Map<TopicPartition, Long> counts = new HashMap<>();
    visits.forEach(visit -> counts.merge(position(visit).partition(), 1L, Long::sum));
    return counts;
  }

  /** A consumer of visits in memory. */
  private static final class TopicInMemory extends MockConsumer<byte[], byte[]> {
    private final Map<TopicPartition, List<LocatedVisit>> topic;

    TopicInMemory(Map<TopicPartition, List<LocatedVisit>> topic) {
      super(OffsetResetStrategy.EARLIEST);
      this.topic = topic;
      topic.forEach(
          (partition, log) -> {
            updateBeginningOffsets(Map.of(partition, 0L));
            updateEndOffsets(Map.of(partition, (long) log.size()));
          });
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
      for (TopicPartition partition : assignment()) {
        List<LocatedVisit> log = topic.get(partition);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (LocatedVisit each : log.subList((int) position(partition), log.size())) {
          records.add(record(each));
        }
        polled.put(partition, records);
        seek(partition, log.size());
      }
      return new ConsumerRecords<>(polled);
    }

    private static ConsumerRecord<byte[], byte[]> record(LocatedVisit located) {
      SourcePosition position = located.provenance().position();
      return new ConsumerRecord<>(
          position.topic(),
          position.partition(),
          position.offset(),
          located.provenance().timestampMillis(),
          TimestampType.CREATE_TIME,
          0,
          0,
          located.visit().visitId().getBytes(UTF_8),
          VisitJson.write(located.visit()),
          new RecordHeaders(),
          Optional.empty());
    }
  }
}
