package io.sessionizer.sessions;

import io.sessionizer.sessions.SessionChange.Upsert;
import io.sessionizer.visits.LocatedVisit;
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
import org.joda.time.Instant;

/**
 * The windows engine: Beam's merging session windows. A session comes out when the watermark passes
 * its last visit by the gap, and again, whole, after every late visit that it still takes.
 *
 * <p>What the windows do not keep, because Beam has no way to: a session that a late visit joined
 * to another, or whose start it moved, is not taken back (apache/beam#18677), and the revision
 * starts again at 1 when that happens.
 */
final class SessionizeInWindows
    extends PTransform<PCollection<List<LocatedVisit>>, PCollection<SessionChange>> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;

  SessionizeInWindows(SessionPolicy policy) {
    this.policy = policy;
  }

  @Override
  public PCollection<SessionChange> expand(PCollection<List<LocatedVisit>> visits) {
    return visits
        .apply("KeyByVisitId", ParDo.of(new KeyByVisitIdFn()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), VisitedPageCoder.of()))
        .apply("OpenSessions", sessionWindows())
        .apply("CombineVisitedPages", Combine.perKey(new CombineVisitedPagesFn()))
        .apply("PublishSessions", ParDo.of(new PublishSessionsFn(policy)))
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

  private static final class KeyByVisitIdFn
      extends DoFn<List<LocatedVisit>, KV<String, VisitedPage>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void key(
        @Element List<LocatedVisit> readTogether, OutputReceiver<KV<String, VisitedPage>> out) {
      for (LocatedVisit located : readTogether) {
        VisitedPage page = VisitedPage.of(located.visit());
        out.outputWithTimestamp(
            KV.of(located.visit().visitId(), page), Instant.ofEpochMilli(page.eventTimeMillis()));
      }
    }
  }

  private static final class PublishSessionsFn
      extends DoFn<KV<String, List<VisitedPage>>, SessionChange> {
    private static final long serialVersionUID = 1L;
    private final SessionPolicy policy;

    PublishSessionsFn(SessionPolicy policy) {
      this.policy = policy;
    }

    @ProcessElement
    public void publish(
        @Element KV<String, List<VisitedPage>> window,
        PaneInfo pane,
        OutputReceiver<SessionChange> out) {
      int revision = Math.toIntExact(pane.getIndex() + 1);
      Timing timing = pane.getTiming() == PaneInfo.Timing.LATE ? Timing.LATE : Timing.ON_TIME;
      List<VisitedPage> pages =
          policy.deduplicate() ? Duplicates.dropped(window.getValue()) : window.getValue();
      for (SessionCut cut : SessionCut.all(pages, policy)) {
        Session session = new Session(window.getKey(), cut.pages());
        out.output(new Upsert(session, revision, timing, cut.endReason()));
      }
    }
  }
}
