package io.sessionizer.sessions;

import io.sessionizer.visits.Visit;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Visits in, sessions out, in Beam's merging session windows. A session comes out when the
 * watermark passes its last visit by the gap, and again, whole, after every late visit that it
 * still takes.
 *
 * <p>What the windows do not keep, because Beam has no way to: a session that a late visit joined
 * to another, or whose start it moved, is not taken back (apache/beam#18677), and the revision
 * starts again at 1 when that happens.
 */
public final class SessionizeVisits
    extends PTransform<PCollection<Visit>, PCollection<SessionChange>> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;

  private SessionizeVisits(SessionPolicy policy) {
    this.policy = policy;
  }

  /** Forms sessions by {@code policy}. */
  public static SessionizeVisits with(SessionPolicy policy) {
    return new SessionizeVisits(policy);
  }

  @Override
  public PCollection<SessionChange> expand(PCollection<Visit> visits) {
    return visits
        .apply("KeyByVisitId", ParDo.of(new KeyByVisitIdFn()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), VisitedPageCoder.of()))
        .apply("OpenSessions", sessionWindows())
        .apply("CombineVisitedPages", Combine.perKey(new CombineVisitedPagesFn()))
        .apply("PublishSessions", ParDo.of(new PublishSessionFn()))
        .setCoder(SessionChangeCoder.of());
  }

  private Window<KV<String, VisitedPage>> sessionWindows() {
    return Window.<KV<String, VisitedPage>>into(Sessions.withGapDuration(joda(policy.gap())))
        .triggering(
            AfterWatermark.pastEndOfWindow().withLateFirings(AfterPane.elementCountAtLeast(1)))
        .withAllowedLateness(joda(policy.allowedLateness()))
        .accumulatingFiredPanes();
  }

  private static org.joda.time.Duration joda(Duration duration) {
    return org.joda.time.Duration.millis(duration.toMillis());
  }

  private static final class KeyByVisitIdFn extends DoFn<Visit, KV<String, VisitedPage>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void key(@Element Visit visit, OutputReceiver<KV<String, VisitedPage>> out) {
      out.output(
          KV.of(
              visit.visitId(),
              new VisitedPage(visit.eventTimeMillis(), visit.page(), visit.userId())));
    }
  }

  private static final class PublishSessionFn
      extends DoFn<KV<String, List<VisitedPage>>, SessionChange> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void publish(
        @Element KV<String, List<VisitedPage>> pages,
        PaneInfo pane,
        OutputReceiver<SessionChange> out) {
      out.output(
          new SessionChange(
              new Session(pages.getKey(), pages.getValue()),
              Math.toIntExact(pane.getIndex() + 1),
              pane.getTiming() == PaneInfo.Timing.LATE ? Timing.LATE : Timing.ON_TIME,
              EndReason.INACTIVITY));
    }
  }
}
