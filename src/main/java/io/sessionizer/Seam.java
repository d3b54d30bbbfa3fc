package io.sessionizer;

import io.sessionizer.visits.EventTimeRange;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitPacket;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;

/**
 * The event time where an archive of visits ends and a stream of visits continues. Each visit is
 * processed by one of two jobs, even if it is in both inputs. The visits of sessions that are open
 * there, to which a visit from the seam on may belong, go from one job to the other.
 */
public sealed interface Seam {
  /** Neither end of time is a seam: a job processes all visits. */
  record None() implements Seam {
    @Override
    public EventTimeRange range() {
      return EventTimeRange.ALL;
    }
  }

  /**
   * The end of an archive.
   *
   * @param millis the time, epoch milliseconds
   * @param openVisits writes the visits of open sessions, which are not published
   */
  record End(long millis, PTransform<PCollection<Visit>, ? extends POutput> openVisits)
      implements Seam {
    @Override
    public EventTimeRange range() {
      return EventTimeRange.before(millis);
    }
  }

  /**
   * The start of a stream.
   *
   * @param millis the time, epoch milliseconds
   * @param openVisits reads the visits of open sessions; no watermark passes them
   */
  record Start(long millis, PTransform<PBegin, PCollection<VisitPacket>> openVisits)
      implements Seam {
    @Override
    public EventTimeRange range() {
      return EventTimeRange.startingAt(millis);
    }
  }

  /** Returns the event times of the visits that the job processes. */
  EventTimeRange range();
}
