package io.sessionizer;

import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.sessions.EarlierJob;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.LateVisit;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;

/**
 * Where visits come from and where results go: Kafka in a job, memory in a test.
 *
 * @param visits reads records, some at a time, with event times and a watermark
 * @param sessions writes sessions
 * @param lateVisits writes visits that came too late for any session
 * @param deadLetters writes what was not a visit
 * @param seam where another job has the visits
 * @param earlier the job that this one continues without its state
 */
public record Edges(
    PTransform<PBegin, PCollection<ConsumedBatch>> visits,
    PTransform<PCollection<SessionRecord>, ? extends POutput> sessions,
    PTransform<PCollection<LateVisit>, ? extends POutput> lateVisits,
    PTransform<PCollection<DeadLetter>, ? extends POutput> deadLetters,
    Seam seam,
    EarlierJob earlier) {

  /** Edges of a job that has all visits. */
  public Edges(
      PTransform<PBegin, PCollection<ConsumedBatch>> visits,
      PTransform<PCollection<SessionRecord>, ? extends POutput> sessions,
      PTransform<PCollection<LateVisit>, ? extends POutput> lateVisits,
      PTransform<PCollection<DeadLetter>, ? extends POutput> deadLetters) {
    this(visits, sessions, lateVisits, deadLetters, new Seam.None(), EarlierJob.NONE);
  }

  /** Returns the edges of a job that has the visits on one side of a seam. */
  public Edges with(Seam one) {
    return new Edges(visits, sessions, lateVisits, deadLetters, one, earlier);
  }

  /** Returns the edges of a job that continues another one. */
  public Edges with(EarlierJob one) {
    return new Edges(visits, sessions, lateVisits, deadLetters, seam, one);
  }
}
