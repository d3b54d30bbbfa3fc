package io.sessionizer.sessions;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.sessions.SessionShard.Commit;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link SessionShard} on Beam's state and one timer. What it appends to its log is all that
 * is written for a visit; the log is read only if this process has no index that fits it.
 */
final class FormShardSessionsFn extends DoFn<KV<Integer, VisitPacket>, SessionRecord> {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(FormShardSessionsFn.class);
  private static final long EVICTION_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final UUID graph = UUID.randomUUID();
  private final SessionPolicy policy;
  private final EarlierJob earlier;
  private final Counter accepted = JobMetric.VISITS_ACCEPTED.counter();
  private final Counter late = JobMetric.VISITS_LATE.counter();

  // These go up and down.
  private final Counter visitIds = JobMetric.VISIT_IDS_HELD.counter();
  private final Counter bytesOfIndex = JobMetric.SHARD_INDEX_BYTES.counter();
  private final Counter bytesInLog = JobMetric.SHARD_LOG_BYTES.counter();

  /** The shards that this instance has used. */
  private transient @Nullable Set<Integer> used;

  /** Whether the log says that the retained sessions were cut by another policy. */
  private transient boolean hasLoggedPolicy;

  /** By {@link System#nanoTime}. */
  private transient long evictedAtNanos;

  @StateId("header")
  private final StateSpec<ValueState<ShardHeader>> headerSpec =
      StateSpecs.value(ShardHeaderCoder.of());

  @StateId("log")
  private final StateSpec<BagState<byte[]>> logSpec = StateSpecs.bag(ByteArrayCoder.of());

  @TimerId("wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  FormShardSessionsFn(SessionPolicy policy, EarlierJob earlier) {
    this.policy = policy;
    this.earlier = earlier;
  }

  @Setup
  public void setup() {
    evictedAtNanos = System.nanoTime();
  }

  @StartBundle
  public void evictIdleIndexes() {
    long now = System.nanoTime();
    if (now - evictedAtNanos > EVICTION_NANOS) {
      evictedAtNanos = now;
      bytesOfIndex.dec(JvmShards.evictIdle(graph, IDLE_NANOS));
    }
  }

  @ProcessElement
  public void process(
      @Element KV<Integer, VisitPacket> readTogether,
      @StateId("header") ValueState<ShardHeader> header,
      @StateId("log") BagState<byte[]> log,
      @TimerId("wake") Timer wake,
      MultiOutputReceiver out) {
    long now = wake.getCurrentRelativeTime().getMillis();
    VisitPacket packet = readTogether.getValue();
    long watermark = watermark(now, packet.resumedAtMillis());
    SessionShard shard = take(readTogether.getKey(), header, log);
    List<SessionRecord> changes = new ArrayList<>();
    int tooLate = 0;
    Map<Long, TopicRecord> originals = null;
    EarlierJob.Partition before = earlier.partition(packet.topic(), packet.partition());
    for (VisitCursor visit = packet.cursor(); visit.next(); ) {
      long time = visit.eventTimeMillis();
      if (before.isLateVisit(visit.offset(), time)) {
        tooLate++;
        continue;
      }
      if (now < earlier.watermark() && !before.isProcessed(visit.offset())) {
        shard.amend(now, changes);
        now = earlier.watermark();
        watermark = Math.max(watermark, now);
      }
      boolean isOnlyJoining =
          before.movesSessionToLeftOnes(visit.offset(), time) && !policy.accepts(time, watermark);
      if (isOnlyJoining || !shard.accept(visit, now, watermark, changes)) {
        tooLate++;
        if (!before.isInLeftSession(visit.offset(), time)) {
          originals = originals == null ? packet.originals() : originals;
          out.get(SessionizeVisits.LATE_VISITS)
              .output(
                  new LateVisit(visit.located(), watermark - time, originals.get(visit.offset())));
        }
      }
    }
    shard.amend(now, changes);
    accepted.inc(packet.count() - tooLate);
    late.inc(tooLate);
    store(readTogether.getKey(), shard, header, log, wake);
    changes.forEach(out.get(SessionizeVisits.SESSIONS)::output);
  }

  @OnTimer("wake")
  public void wake(
      OnTimerContext context,
      @Key Integer key,
      @StateId("header") ValueState<ShardHeader> header,
      @StateId("log") BagState<byte[]> log,
      @TimerId("wake") Timer wake,
      MultiOutputReceiver out) {
    long fired = context.fireTimestamp().getMillis() + 1;
    long now = Math.max(fired, wake.getCurrentRelativeTime().getMillis());
    SessionShard shard = take(key, header, log);
    List<SessionRecord> changes = new ArrayList<>();
    shard.timerFired();
    shard.advance(now, changes);
    store(key, shard, header, log, wake);
    changes.forEach(out.get(SessionizeVisits.SESSIONS)::output);
  }

  /**
   * Returns the watermark at which a visit is consumed. A job that resumes after a failure has none
   * until all of its readers have reported one. Visits that are too late would be accepted until
   * then, into sessions beside, or in the place of, those that have expired; so it is the one of
   * their partition, which is not before the one that the job had.
   */
  static long watermark(long now, long resumedAt) {
    return now > BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis() ? now : resumedAt;
  }

  private SessionShard take(int key, ValueState<ShardHeader> header, BagState<byte[]> log) {
    SessionShard shard = JvmShards.take(graph, key, policy, earlier.sessions());
    ShardHeader stored = header.read();
    if (stored == null) {
      shard.clear();
    } else if (!shard.fits(stored)) {
      if (!stored.policy().equals(policy) && !hasLoggedPolicy) {
        hasLoggedPolicy = true;
        LOG.info(
            "retained sessions were cut by {}; they are cut anew by {}, and those that change are"
                + " published again",
            stored.policy(),
            policy);
      }
      shard.restore(stored, log.read());
    }
    return shard;
  }

  private void store(
      int key,
      SessionShard shard,
      ValueState<ShardHeader> header,
      BagState<byte[]> log,
      Timer wake) {
    Commit commit = shard.commit();
    if (commit.clearsLog()) {
      log.clear();
    }
    commit.entries().forEach(log::add);
    if (commit.header() == null) {
      header.clear();
    } else {
      header.write(commit.header());
      if (commit.setsTimer()) {
        // A timer fires when the watermark has passed it.
        wake.set(Instant.ofEpochMilli(commit.header().timerMillis() - 1));
      }
    }
    ShardSize growth = shard.growthSinceReport();
    visitIds.inc(growth.visitIds());
    bytesOfIndex.inc(growth.bytesOfIndex());
    bytesInLog.inc(growth.bytesInLog());
    JvmShards.put(graph, key, shard);
    if (used == null) {
      used = new HashSet<>();
    }
    used.add(key);
  }

  /** A step that starts again counts from 0, and so must count what it finds. */
  @Teardown
  public void dropIndexes() {
    if (used != null) {
      JvmShards.drop(graph, used);
    }
  }
}
