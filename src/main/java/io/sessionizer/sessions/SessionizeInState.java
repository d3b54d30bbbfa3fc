package io.sessionizer.sessions;

import io.sessionizer.visits.LateVisitCoder;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.LocatedVisitCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/** The stateful engine: a {@link SessionStateMachine} per visit id, in the global window. */
final class SessionizeInState extends PTransform<PCollection<LocatedVisit>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final SessionPolicy policy;

  SessionizeInState(SessionPolicy policy) {
    this.policy = policy;
  }

  @Override
  public PCollectionTuple expand(PCollection<LocatedVisit> visits) {
    PCollectionTuple sessionized =
        visits
            .apply(
                "KeyByVisitId",
                WithKeys.<String, LocatedVisit>of(located -> located.visit().visitId())
                    .withKeyType(TypeDescriptors.strings()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), LocatedVisitCoder.of()))
            .apply(
                "FormSessions",
                ParDo.of(new FormSessionsFn(policy))
                    .withOutputTags(
                        SessionizeVisits.SESSIONS, TupleTagList.of(SessionizeVisits.LATE_VISITS)));
    sessionized.get(SessionizeVisits.SESSIONS).setCoder(SessionChangeCoder.of());
    sessionized.get(SessionizeVisits.LATE_VISITS).setCoder(LateVisitCoder.of());
    return sessionized;
  }
}
