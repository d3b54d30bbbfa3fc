package io.sessionizer.sessions;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.LateVisit;
import java.util.ArrayList;
import java.util.List;
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

/**
 * Keeps the sessions of a visit id in a state, and wakes up by one timer. Visits are only ever
 * added to those that are held, and looked at when there is something to say about them.
 */
final class FormSessionsFn extends DoFn<KV<String, List<LocatedPage>>, SessionRecord> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;
  private final Counter accepted = JobMetric.VISITS_ACCEPTED.counter();
  private final Counter late = JobMetric.VISITS_LATE.counter();

  /** Goes up and down. After a failure Flink counts from 0, though the state comes back. */
  private final Counter held = JobMetric.VISIT_IDS_HELD.counter();

  @StateId("sessions")
  private final StateSpec<ValueState<SessionState>> sessionsSpec =
      StateSpecs.value(SessionStateCoder.of());

  @StateId("visits")
  private final StateSpec<BagState<PackedVisits>> visitsSpec =
      StateSpecs.bag(PackedVisitsCoder.of());

  @TimerId("wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  FormSessionsFn(SessionPolicy policy) {
    this.policy = policy;
  }

  @ProcessElement
  public void take(
      @Element KV<String, List<LocatedPage>> readTogether,
      @StateId("sessions") ValueState<SessionState> sessions,
      @StateId("visits") BagState<PackedVisits> visits,
      @TimerId("wake") Timer wake,
      MultiOutputReceiver out) {
    Instant now = wake.getCurrentRelativeTime();
    SessionState before = sessions.read();
    String visitId = readTogether.getKey();
    var machine = new SessionStateMachine(visitId, policy, before, () -> all(visits, before));
    List<SessionRecord> changes = new ArrayList<>();
    int taken = 0;
    for (LocatedPage located : readTogether.getValue()) {
      long watermark = watermark(now, located);
      if (machine.accept(located.page(), watermark)) {
        taken++;
      } else {
        late.inc();
        long lateBy = watermark - located.page().eventTimeMillis();
        out.get(SessionizeVisits.LATE_VISITS)
            .output(new LateVisit(located.visitOf(visitId), lateBy));
      }
    }
    machine.amend(changes);
    accepted.inc(taken);
    List<VisitedPage> added = machine.added();
    if (!added.isEmpty()) {
      SessionState after = machine.state();
      visits.add(PackedVisits.of(added, after.userId()));
      remember(after, sessions, wake);
      if (before == null) {
        held.inc();
      }
    }
    changes.forEach(out.get(SessionizeVisits.SESSIONS)::output);
  }

  @OnTimer("wake")
  public void wake(
      OnTimerContext context,
      @Key String visitId,
      @StateId("sessions") ValueState<SessionState> sessions,
      @StateId("visits") BagState<PackedVisits> visits,
      @TimerId("wake") Timer wake,
      MultiOutputReceiver out) {
    SessionState before = sessions.read();
    if (before == null) {
      return;
    }
    long watermark = context.fireTimestamp().getMillis() + 1;
    if (watermark < before.wakeAtMillis(policy)) {
      remember(before.withTimer(Long.MAX_VALUE), sessions, wake);
      return;
    }
    var machine = new SessionStateMachine(visitId, policy, before, () -> all(visits, before));
    List<SessionRecord> changes = new ArrayList<>();
    machine.advance(watermark, changes);
    if (machine.hasForgotten()) {
      visits.clear();
    }
    SessionState after = machine.state();
    if (after == null) {
      held.dec();
      sessions.clear();
    } else {
      if (machine.hasForgotten()) {
        visits.add(PackedVisits.of(machine.visits(), after.userId()));
      }
      remember(after.withTimer(Long.MAX_VALUE), sessions, wake);
    }
    changes.forEach(out.get(SessionizeVisits.SESSIONS)::output);
  }

  /**
   * The watermark when a visit arrives. A job that goes on after a failure has none before it has
   * heard from all of its readers. If visits were taken until then that are too late, they would be
   * put into sessions beside, or in the place of, those that were let go; so it is that of their
   * partition, which is not before the one that the job had.
   */
  static long watermark(Instant now, LocatedPage located) {
    return now.isAfter(BoundedWindow.TIMESTAMP_MIN_VALUE)
        ? now.getMillis()
        : located.provenance().resumedAtMillis();
  }

  private static List<VisitedPage> all(
      BagState<PackedVisits> visits, @Nullable SessionState state) {
    List<VisitedPage> all = new ArrayList<>();
    if (state != null) {
      visits.read().forEach(held -> held.addTo(all, state.userId()));
    }
    return all;
  }

  /**
   * Keeps the state, and sets the timer if it is set too late: a session that grows moves the time
   * to wake up at every visit, and a timer per visit would be a large part of the cost. A timer
   * fires when the watermark has passed it, hence one millisecond before the watermark that is
   * waited for.
   */
  private void remember(SessionState state, ValueState<SessionState> sessions, Timer wake) {
    long wakeAt = state.wakeAtMillis(policy);
    if (wakeAt < state.timerMillis()) {
      wake.set(Instant.ofEpochMilli(wakeAt - 1));
      sessions.write(state.withTimer(wakeAt));
    } else {
      sessions.write(state);
    }
  }
}
