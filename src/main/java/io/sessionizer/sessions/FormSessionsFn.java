package io.sessionizer.sessions;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.LateVisit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
import org.joda.time.Instant;

/**
 * Runs the {@link SessionStateMachine} of each visit id on Beam's state and one timer. Visits are
 * appended to the bag, and read back only when a session may be emitted.
 */
final class FormSessionsFn extends DoFn<KV<String, List<LocatedPage>>, SessionRecord> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;
  private final Counter accepted = JobMetric.VISITS_ACCEPTED.counter();
  private final Counter late = JobMetric.VISITS_LATE.counter();

  /** Goes up and down. After a failure Flink counts from 0, though the state comes back. */
  private final Counter retained = JobMetric.VISIT_IDS_HELD.counter();

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
  public void process(
      @Element KV<String, List<LocatedPage>> readTogether,
      @StateId("sessions") ValueState<SessionState> sessions,
      @StateId("visits") BagState<PackedVisits> visits,
      @TimerId("wake") Timer wake,
      MultiOutputReceiver out) {
    Instant now = wake.getCurrentRelativeTime();
    SessionState before = load(sessions);
    String visitId = readTogether.getKey();
    BufferedVisits buffered = buffered(visits, before);
    var machine = new SessionStateMachine(visitId, policy, before, buffered);
    List<SessionRecord> changes = new ArrayList<>();
    int acceptedHere = 0;
    for (LocatedPage located : readTogether.getValue()) {
      long watermark = watermark(now, located);
      if (machine.accept(located.page(), watermark)) {
        acceptedHere++;
      } else {
        late.inc();
        long lateBy = watermark - located.page().eventTimeMillis();
        out.get(SessionizeVisits.LATE_VISITS)
            .output(new LateVisit(located.visitOf(visitId), lateBy));
      }
    }
    machine.amend(changes);
    accepted.inc(acceptedHere);
    List<VisitedPage> added = buffered.added();
    if (!added.isEmpty()) {
      SessionState after = machine.state();
      visits.add(PackedVisits.of(added, after.userId()));
      store(after, sessions, wake);
      if (before.isEmpty()) {
        retained.inc();
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
    SessionState before = load(sessions);
    if (before.isEmpty()) {
      return;
    }
    long watermark = context.fireTimestamp().getMillis() + 1;
    if (watermark < before.wakeAtMillis(policy)) {
      store(before.withoutTimer(), sessions, wake);
      return;
    }
    BufferedVisits buffered = buffered(visits, before);
    var machine = new SessionStateMachine(visitId, policy, before, buffered);
    List<SessionRecord> changes = new ArrayList<>();
    machine.advance(watermark, changes);
    if (buffered.hasEvicted()) {
      visits.clear();
    }
    SessionState after = machine.state();
    if (after.isEmpty()) {
      retained.dec();
      sessions.clear();
    } else {
      if (buffered.hasEvicted()) {
        visits.add(PackedVisits.of(buffered.sorted(), after.userId()));
      }
      store(after.withoutTimer(), sessions, wake);
    }
    changes.forEach(out.get(SessionizeVisits.SESSIONS)::output);
  }

  /**
   * The watermark at which a visit is consumed. A job that resumes after a failure has none until
   * all of its readers have reported one. Visits that are too late would be accepted until then,
   * into sessions beside, or in the place of, those that have expired; so it is the one of their
   * partition, which is not before the one that the job had.
   */
  static long watermark(Instant now, LocatedPage located) {
    return now.isAfter(BoundedWindow.TIMESTAMP_MIN_VALUE)
        ? now.getMillis()
        : located.provenance().resumedAtMillis();
  }

  private static SessionState load(ValueState<SessionState> sessions) {
    return Objects.requireNonNullElse(sessions.read(), SessionState.EMPTY);
  }

  private BufferedVisits buffered(BagState<PackedVisits> visits, SessionState state) {
    return new BufferedVisits(() -> load(visits, state), policy.deduplicate());
  }

  private static List<VisitedPage> load(BagState<PackedVisits> visits, SessionState state) {
    List<VisitedPage> all = new ArrayList<>();
    if (!state.isEmpty()) {
      visits.read().forEach(packed -> packed.addTo(all, state.userId()));
    }
    return all;
  }

  /**
   * Stores the state, and sets the timer if it is set too late: a session that grows moves its next
   * action with every visit, and a timer per visit would be a large part of the cost. A timer fires
   * when the watermark has passed it, hence one millisecond before the watermark of the action.
   */
  private void store(SessionState state, ValueState<SessionState> sessions, Timer wake) {
    long wakeAt = state.wakeAtMillis(policy);
    if (wakeAt < state.timerMillis()) {
      wake.set(Instant.ofEpochMilli(wakeAt - 1));
      sessions.write(state.withTimer(wakeAt));
    } else {
      sessions.write(state);
    }
  }
}
