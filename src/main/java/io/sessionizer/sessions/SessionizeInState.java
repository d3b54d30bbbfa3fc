package io.sessionizer.sessions;

import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.VisitPacket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/** The stateful engine: a {@link SessionStateMachine} per visit id, in the global window. */
final class SessionizeInState extends PTransform<PCollection<VisitPacket>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;

  SessionizeInState(SessionPolicy policy) {
    this.policy = policy;
  }

  @Override
  public PCollectionTuple expand(PCollection<VisitPacket> visits) {
    PCollectionTuple sessionized =
        visits
            .apply("GroupByVisitId", ParDo.of(new GroupByVisitIdFn()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), LocatedPage.CODER))
            .apply(
                "FormSessions",
                ParDo.of(new FormSessionsFn(policy))
                    .withOutputTags(
                        SessionizeVisits.SESSIONS, TupleTagList.of(SessionizeVisits.LATE_VISITS)));
    sessionized.get(SessionizeVisits.SESSIONS).setCoder(SessionRecordCoder.of());
    sessionized.get(SessionizeVisits.LATE_VISITS).setCoder(LateVisit.CODER);
    return sessionized;
  }

  /**
   * Groups the visits of a packet by visit id. Each element costs a look-up of the state of its
   * visit id, and in a backlog a visit id has several visits in a packet.
   */
  static final class GroupByVisitIdFn extends DoFn<VisitPacket, KV<String, List<LocatedPage>>> {
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
}
