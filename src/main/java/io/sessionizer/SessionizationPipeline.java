package io.sessionizer;

import static io.sessionizer.sessions.SessionizeVisits.LATE_VISITS;
import static io.sessionizer.sessions.SessionizeVisits.OPEN_VISITS;
import static io.sessionizer.sessions.SessionizeVisits.SESSIONS;

import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.SessionizeVisits;
import io.sessionizer.visits.RouteVisits;
import io.sessionizer.visits.VisitPacket;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/** Visits in, sessions out; rejected records go to the dead letters. */
public final class SessionizationPipeline {
  private SessionizationPipeline() {}

  /** Adds the graph to {@code pipeline}. */
  public static void assemble(Pipeline pipeline, Edges edges, SessionPolicy policy, Engine engine) {
    var range = edges.seam().range();
    var routed =
        pipeline.apply("ReadVisits", edges.visits()).apply("RouteVisits", new RouteVisits(range));
    var sessionized =
        withOpenVisits(routed.output(), edges.seam())
            .apply(
                "SessionizeVisits", SessionizeVisits.with(policy, engine, range, edges.earlier()));

    sessionized.get(SESSIONS).apply("WriteSessions", edges.sessions());
    if (sessionized.has(LATE_VISITS)) {
      sessionized.get(LATE_VISITS).apply("WriteLateVisits", edges.lateVisits());
    }
    if (edges.seam() instanceof Seam.End end) {
      sessionized.get(OPEN_VISITS).apply("WriteOpenVisits", end.openVisits());
    }
    routed.failures().apply("WriteDeadLetters", edges.deadLetters());
  }

  private static PCollection<VisitPacket> withOpenVisits(
      PCollection<VisitPacket> visits, Seam seam) {
    if (!(seam instanceof Seam.Start start)) {
      return visits;
    }
    var open = visits.getPipeline().apply("ReadOpenVisits", start.openVisits());
    return PCollectionList.of(open).and(visits).apply("JoinOpenVisits", Flatten.pCollections());
  }
}
