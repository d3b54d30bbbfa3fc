package io.sessionizer.sessions;

import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Keeps the sessions of a visit id in a state, and wakes up by one timer. */
final class FormSessionsFn extends DoFn<KV<String, LocatedVisit>, SessionChange> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;
  private final Counter accepted = Metrics.counter(SessionizeVisits.class, "visits_accepted");
  private final Counter late = Metrics.counter(SessionizeVisits.class, "visits_late");

  /** Goes up and down. After a failure Flink counts from 0, though the state comes back. */
  private final Counter held = Metrics.counter(SessionizeVisits.class, "visit_ids_held");

  @StateId("sessions")
  private final StateSpec<ValueState<SessionState>> sessionsSpec =
      StateSpecs.value(SessionStateCoder.of());

  @TimerId("wake")
  private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  FormSessionsFn(SessionPolicy policy) {
    this.policy = policy;
  }

  @ProcessElement
  public void take(
      @Element KV<String, LocatedVisit> element,
      @StateId("sessions") ValueState<SessionState> sessions,
      @TimerId("wake") Timer wake,
      MultiOutputReceiver out) {
    Visit visit = element.getValue().visit();
    long watermark = wake.getCurrentRelativeTime().getMillis();
    SessionState before = sessions.read();
    var machine = new SessionStateMachine(element.getKey(), policy, before);
    List<SessionChange> changes = new ArrayList<>();
    if (machine.accept(VisitedPage.of(visit), watermark, changes)) {
      accepted.inc();
      if (before == null) {
        held.inc();
      }
      remember(before, machine.state(), sessions, wake);
      changes.forEach(out.get(SessionizeVisits.SESSIONS)::output);
    } else {
      late.inc();
      out.get(SessionizeVisits.LATE_VISITS)
          .output(new LateVisit(element.getValue(), watermark - visit.eventTimeMillis()));
    }
  }

  @OnTimer("wake")
  public void wake(
      OnTimerContext context,
      @Key String visitId,
      @StateId("sessions") ValueState<SessionState> sessions,
      @TimerId("wake") Timer wake,
      MultiOutputReceiver out) {
    SessionState before = sessions.read();
    if (before == null) {
      return;
    }
    var machine = new SessionStateMachine(visitId, policy, before);
    List<SessionChange> changes = new ArrayList<>();
    machine.advance(context.fireTimestamp().getMillis() + 1, changes);
    SessionState after = machine.state();
    if (after == null) {
      held.dec();
    }
    remember(null, after, sessions, wake);
    changes.forEach(out.get(SessionizeVisits.SESSIONS)::output);
  }

  /**
   * Keeps the state, and sets the timer if it is to fire at another time than before: a timer per
   * visit would be a large part of the cost. A timer fires when the watermark has passed it, hence
   * one millisecond before the watermark that is waited for.
   */
  private static void remember(
      @Nullable SessionState before,
      @Nullable SessionState after,
      ValueState<SessionState> sessions,
      Timer wake) {
    if (after == null) {
      sessions.clear();
      return;
    }
    sessions.write(after);
    if (before == null || before.wakeAtMillis() != after.wakeAtMillis()) {
      wake.set(Instant.ofEpochMilli(after.wakeAtMillis() - 1));
    }
  }
}
