package io.sessionizer.sessions;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.util.CoderUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a session costs: forming it visit by visit, saving it, and writing it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SessionBenchmark {
  private static final long START = 1_704_067_200_000L;
  private static final long STEP = 120_000;
  private static final Duration GAP = Duration.ofMinutes(16);

  /** How many pages the session has. */
  @Param({"12", "500"})
  public int pages;

  private final SessionPolicy policy = SessionPolicy.of(GAP, Duration.ofMinutes(15));
  private final SessionJson json = new SessionJson(ZoneOffset.UTC);
  private final List<VisitedPage> visits = new ArrayList<>();
  private Session session;
  private SessionRecord change;

  /** Makes up a session. */
  @Setup
  public void makeUp() {
    for (int i = 0; i < pages; i++) {
      visits.add(
          new VisitedPage(START + i * STEP, "category_" + i % 20, "140719780965248_f287ad2c"));
    }
    session = new Session("140719780965248_0", visits);
    change = new Upsert(session, 1, Timing.ON_TIME, EndReason.INACTIVITY);
  }

  /** Accepts all visits of a session, one by one, each from the state that the last one left. */
  @Benchmark
  public List<SessionRecord> form() {
    List<SessionRecord> changes = new ArrayList<>();
    List<VisitedPage> stored = new ArrayList<>();
    SessionState state = SessionState.EMPTY;
    for (VisitedPage visit : visits) {
      var buffered = new BufferedVisits(() -> stored, policy.deduplicate());
      var machine = new SessionStateMachine(session.visitId(), policy, state, buffered);
      machine.accept(visit, visit.eventTimeMillis());
      machine.amend(changes);
      stored.addAll(buffered.added());
      state = machine.state();
    }
    var buffered = new BufferedVisits(() -> stored, policy.deduplicate());
    var machine = new SessionStateMachine(session.visitId(), policy, state, buffered);
    machine.advance(session.endMillis() + GAP.toMillis(), changes);
    return changes;
  }

  /** Packs the visits of a session, as they are stored, and unpacks them. */
  @Benchmark
  public List<VisitedPage> packVisits() {
    List<VisitedPage> unpacked = new ArrayList<>();
    PackedVisits.of(visits, visits.get(0).userId()).addTo(unpacked, visits.get(0).userId());
    return unpacked;
  }

  /** Hands a session on by its coder, and reads it back. */
  @Benchmark
  public SessionRecord codeSession() throws Exception {
    SessionRecordCoder coder = SessionRecordCoder.of();
    return CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, change));
  }

  /** Writes a session's JSON. */
  @Benchmark
  public byte[] write() {
    return json.write(session);
  }
}
