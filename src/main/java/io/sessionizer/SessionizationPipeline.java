package io.sessionizer;

import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.SessionizeVisits;
import io.sessionizer.visits.RouteVisits;
import org.apache.beam.sdk.Pipeline;

/** Visits in, sessions out; what is not a visit goes to the dead letters. */
public final class SessionizationPipeline {
  private SessionizationPipeline() {}

  /** Adds the graph to {@code pipeline}. */
  public static void assemble(Pipeline pipeline, Edges edges, SessionPolicy policy) {
    var routed =
        pipeline.apply("ReadVisits", edges.visits()).apply("RouteVisits", new RouteVisits());

    routed
        .output()
        .apply("SessionizeVisits", SessionizeVisits.with(policy))
        .apply("WriteSessions", edges.sessions());

    routed.failures().apply("WriteDeadLetters", edges.deadLetters());
  }
}
