package io.sessionizer.watch;

import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.Visit;

/** Takes what a job has written. */
interface ResultListener {
  /**
   * A record of the sessions topic.
   *
   * @param written when it was written, epoch milliseconds
   */
  void session(SessionRevision record, long written);

  /**
   * A visit that came too late.
   *
   * @param lateByMillis by how much
   * @param source where the visit is
   * @param place where the record is that says so
   */
  void tooLate(Visit visit, long lateByMillis, SourcePosition source, SourcePosition place);

  /**
   * A record that is no visit.
   *
   * @param reason why it is none
   * @param source where it was read
   * @param place where it is now
   */
  void dead(Reason reason, SourcePosition source, SourcePosition place);
}
