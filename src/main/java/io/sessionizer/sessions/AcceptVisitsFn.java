package io.sessionizer.sessions;

import io.sessionizer.metrics.JobMetric;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.metrics.Counter;
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
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts visits for Beam's session windows by the rule of the windows, and counts the rest as too
 * late. Merging windows have no state and no timers, so what needs the watermark at which a visit
 * is consumed is done here, in the global window: the windows then drop nothing, a late visit is
 * marked as late, and a window that outgrows the caps, which are applied when it is emitted, is
 * reported.
 */
final class AcceptVisitsFn extends DoFn<KV<String, List<LocatedPage>>, KV<String, AcceptedPages>> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(AcceptVisitsFn.class);
  private static final long WARNING_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_LOGGED_CHARACTERS = 80;

  private final SessionPolicy policy;
  private final EarlierJob earlier;
  private final Counter accepted = JobMetric.VISITS_ACCEPTED.counter();
  private final Counter late = JobMetric.VISITS_LATE.counter();

  /** Goes up and down. After a failure Flink counts from 0, though the state comes back. */
  private final Counter overCap = JobMetric.WINDOWS_OVER_CAP.counter();

  /** When the last window was reported, by {@link System#nanoTime}; 0 if none was. */
  private transient long warnedAtNanos;

  @StateId("window")
  private final StateSpec<ValueState<OpenWindow>> windowSpec =
      StateSpecs.value(OpenWindowCoder.of());

  @TimerId("close")
  private final TimerSpec closeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

  AcceptVisitsFn(SessionPolicy policy, EarlierJob earlier) {
    this.policy = policy;
    this.earlier = earlier;
  }

  /** Late visits have event times before the timestamp of their batch. */
  @Override
  @SuppressWarnings("deprecation") // there is no other way to output a late visit
  public Duration getAllowedTimestampSkew() {
    return Duration.millis(Long.MAX_VALUE);
  }

  @ProcessElement
  public void accept(
      @Element KV<String, List<LocatedPage>> readTogether,
      @StateId("window") ValueState<OpenWindow> window,
      @TimerId("close") Timer close,
      OutputReceiver<KV<String, AcceptedPages>> out) {
    Instant now = close.getCurrentRelativeTime();
    String visitId = readTogether.getKey();
    OpenWindow before = window.read();
    OpenWindow after = before;
    for (LocatedPage located : readTogether.getValue()) {
      VisitedPage page = located.page();
      long watermark = watermark(now.getMillis(), located.provenance());
      if (!policy.accepts(page.eventTimeMillis(), watermark)) {
        late.inc();
        continue;
      }
      accepted.inc();
      boolean isLate = policy.isLate(page.eventTimeMillis(), watermark);
      AcceptedPages visit =
          new AcceptedPages(List.of(page), isLate ? watermark : AcceptedPages.NONE_LATE);
      out.outputWithTimestamp(KV.of(visitId, visit), Instant.ofEpochMilli(page.eventTimeMillis()));
      after = with(visitId, after, page, isLate);
    }
    if (after != null && !after.equals(before)) {
      window.write(after);
      if (before == null || (isOver(visitId, after) && !isOver(visitId, before))) {
        setTimer(close, visitId, after);
      }
    }
  }

  private long watermark(long now, Provenance provenance) {
    long watermark = FormShardSessionsFn.watermark(now, provenance.resumedAtMillis());
    if (watermark >= earlier.watermark()) {
      return watermark;
    }
    SourcePosition position = provenance.position();
    return earlier.partition(position.topic(), position.partition()).isProcessed(position.offset())
        ? watermark
        : earlier.watermark();
  }

  @OnTimer("close")
  public void close(
      OnTimerContext context,
      @Key String visitId,
      @StateId("window") ValueState<OpenWindow> state,
      @TimerId("close") Timer close) {
    OpenWindow window = state.read();
    if (window == null) {
      return;
    }
    if (context.fireTimestamp().getMillis() + 1 < clearsAtMillis(visitId, window)) {
      setTimer(close, visitId, window);
      return;
    }
    if (isOver(visitId, window)) {
      overCap.dec();
    }
    state.clear();
  }

  /** Adds a visit to the window, or opens the next one; a late visit opens none: it is closed. */
  private @Nullable OpenWindow with(
      String visitId, @Nullable OpenWindow window, VisitedPage page, boolean isLate) {
    OpenWindow current =
        window == null || window.isBefore(page.eventTimeMillis(), policy) ? null : window;
    if (current == null && isLate) {
      return window;
    }
    boolean wasOver = window != null && isOver(visitId, window);
    OpenWindow next = current == null ? OpenWindow.open(page) : current.with(page, policy);
    boolean isOver = isOver(visitId, next);
    if (isOver && !wasOver) {
      overCap.inc();
      warn(visitId, next);
    } else if (wasOver && !isOver) {
      overCap.dec();
    }
    return next;
  }

  /** A timer per visit would be a large part of the cost: it is set again only when it fires. */
  private void setTimer(Timer close, String visitId, OpenWindow window) {
    close.set(Instant.ofEpochMilli(clearsAtMillis(visitId, window) - 1));
  }

  /**
   * The watermark at which the state is cleared: a gap after the window is emitted, or, if it is
   * counted, as soon as it accepts no late visits, which a topic that falls silent comes to. Not
   * when it is emitted: on Flink a timer opens a bundle, and while that lasts the step of the
   * windows does not get the watermark at which it is to emit.
   */
  private long clearsAtMillis(String visitId, OpenWindow window) {
    long gapLater = policy.closesAt(window.closesAtMillis(policy));
    return isOver(visitId, window)
        ? Math.min(gapLater, window.endMillis() + policy.horizon().toMillis())
        : gapLater;
  }

  private boolean isOver(String visitId, OpenWindow window) {
    return window.isOverCap(visitId, policy);
  }

  /** At most one a minute: the counter has them all. */
  private void warn(String visitId, OpenWindow window) {
    long now = System.nanoTime();
    if (warnedAtNanos != 0 && now - warnedAtNanos < WARNING_INTERVAL_NANOS) {
      return;
    }
    warnedAtNanos = now;
    LOG.warn(
        "visit id {}: {} visits within {} without a pause of {}, beyond {}: --engine=windows buffers"
            + " them until there is a pause, --engine=stateful does not",
        logged(visitId),
        window.pages(),
        window.length(),
        policy.gap(),
        window.pages() > policy.maxPages()
            ? "--maxPagesPerSession=" + policy.maxPages()
            : window.isOverBytes(visitId, policy)
                ? "--maxSessionBytes=" + policy.maxBytes()
                : "--maxSessionDuration=" + policy.maxDuration());
  }

  /** A text of a record for the log: its first characters, in one line. */
  private static String logged(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= MAX_LOGGED_CHARACTERS
        ? line
        : line.substring(0, MAX_LOGGED_CHARACTERS) + "...";
  }
}
