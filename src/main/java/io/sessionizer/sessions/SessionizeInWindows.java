package io.sessionizer.sessions;

import io.sessionizer.records.Session;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.VisitPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * The windows engine: Beam's merging session windows. A session is emitted when the watermark
 * passes its last visit by the gap, and again, whole, after every late visit that it accepts.
 *
 * <p>A limit of Beam: a session that a late visit joined to another, or whose start it moved, is
 * not retracted (apache/beam#18677), and the revision starts again at 1 when that happens.
 */
final class SessionizeInWindows
    extends PTransform<PCollection<VisitPacket>, PCollection<SessionRecord>> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;
  private final EarlierJob earlier;

  SessionizeInWindows(SessionPolicy policy, EarlierJob earlier) {
    this.policy = policy;
    this.earlier = earlier;
  }

  @Override
  public PCollection<SessionRecord> expand(PCollection<VisitPacket> visits) {
    return visits
        .apply("GroupByVisitId", ParDo.of(new GroupByVisitIdFn()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), LocatedPage.CODER))
        .apply("AcceptVisits", ParDo.of(new AcceptVisitsFn(policy, earlier)))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), AcceptedPages.CODER))
        .apply("OpenSessions", sessionWindows())
        .apply("CombineVisitedPages", Combine.perKey(new CombineVisitedPagesFn()))
        .apply("PublishSessions", ParDo.of(new PublishSessionsFn(policy)))
        .setCoder(SessionRecordCoder.of())
        .apply("LeaveWindows", globalWindow());
  }

  private Window<KV<String, AcceptedPages>> sessionWindows() {
    return Window.<KV<String, AcceptedPages>>into(Sessions.withGapDuration(joda(policy.gap())))
        .triggering(
            AfterWatermark.pastEndOfWindow().withLateFirings(AfterPane.elementCountAtLeast(1)))
        .withAllowedLateness(joda(policy.allowedLateness()))
        .accumulatingFiredPanes();
  }

  /** The steps after may have state, which merging windows have not, and drop nothing as late. */
  private static Window<SessionRecord> globalWindow() {
    return Window.<SessionRecord>into(new GlobalWindows())
        .triggering(DefaultTrigger.of())
        .discardingFiredPanes();
  }

  private static org.joda.time.Duration joda(Duration duration) {
    return org.joda.time.Duration.millis(duration.toMillis());
  }

  /** Groups the visits of a packet by visit id: each element costs a look-up of state. */
  private static final class GroupByVisitIdFn
      extends DoFn<VisitPacket, KV<String, List<LocatedPage>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void group(
        @Element VisitPacket readTogether, OutputReceiver<KV<String, List<LocatedPage>>> out) {
      Map<String, List<LocatedPage>> byVisitId = new LinkedHashMap<>();
      for (LocatedVisit located : readTogether.visits()) {
        byVisitId
            .computeIfAbsent(located.visit().visitId(), visitId -> new ArrayList<>())
            .add(LocatedPage.of(located));
      }
      byVisitId.forEach((visitId, pages) -> out.output(KV.of(visitId, pages)));
    }
  }

  private static final class PublishSessionsFn
      extends DoFn<KV<String, AcceptedPages>, SessionRecord> {
    private static final long serialVersionUID = 1L;
    private final SessionPolicy policy;

    PublishSessionsFn(SessionPolicy policy) {
      this.policy = policy;
    }

    @ProcessElement
    public void publish(
        @Element KV<String, AcceptedPages> window,
        PaneInfo pane,
        OutputReceiver<SessionRecord> out) {
      int revision = Math.toIntExact(pane.getIndex() + 1);
      Timing timing = timing(window.getValue(), pane);
      List<VisitedPage> sorted = window.getValue().pages();
      List<VisitedPage> pages = policy.deduplicate() ? Duplicates.dropped(sorted) : sorted;
      for (SessionCut cut : SessionCut.all(window.getKey(), pages, policy)) {
        Session session = cut.session(window.getKey());
        out.output(new Upsert(session, revision, timing, cut.endReason()));
      }
    }

    /**
     * The pane's own timing goes by the watermark that the step has passed on, which on Flink
     * stands while a bundle lasts: a late visit that follows the watermark would be on time.
     */
    private Timing timing(AcceptedPages window, PaneInfo pane) {
      List<VisitedPage> sorted = window.pages();
      long lastMillis = sorted.get(sorted.size() - 1).eventTimeMillis();
      boolean isLate = policy.isLate(lastMillis, window.lateAtMillis());
      return isLate || pane.getTiming() == PaneInfo.Timing.LATE ? Timing.LATE : Timing.ON_TIME;
    }
  }
}
