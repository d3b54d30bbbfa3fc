package io.sessionizer;

import static io.sessionizer.sessions.SessionizeVisits.LATE_VISITS;
import static io.sessionizer.sessions.SessionizeVisits.SESSIONS;

import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.SessionizeVisits;
import io.sessionizer.visits.RouteVisits;
import org.apache.beam.sdk.Pipeline;

/** Visits in, sessions out; rejected records go to the dead letters. */
public final class SessionizationPipeline {
  private SessionizationPipeline() {}

  /** Adds the graph to {@code pipeline}. */
  public static void assemble(Pipeline pipeline, Edges edges, SessionPolicy policy, Engine engine) {
    var routed =
        pipeline.apply("ReadVisits", edges.visits()).apply("RouteVisits", new RouteVisits());
    var sessionized =
        routed.output().apply("SessionizeVisits", SessionizeVisits.with(policy, engine));

    sessionized.get(SESSIONS).apply("WriteSessions", edges.sessions());
    if (sessionized.has(LATE_VISITS)) {
      sessionized.get(LATE_VISITS).apply("WriteLateVisits", edges.lateVisits());
    }
    routed.failures().apply("WriteDeadLetters", edges.deadLetters());
  }
}
