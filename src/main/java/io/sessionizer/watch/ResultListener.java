package io.sessionizer.watch;

import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.Visit;

/** Receives the records that a job has written. */
interface ResultListener {
  /**
   * A record of the sessions topic.
   *
   * @param written when it was written, epoch milliseconds
   */
  void session(SessionRevision record, long written);

  /**
   * A visit that was too late.
   *
   * @param lateByMillis by how much
   * @param source where the visit is
   * @param position where its record is on the topic of late visits
   */
  void tooLate(Visit visit, long lateByMillis, SourcePosition source, SourcePosition position);

  /**
   * A rejected record.
   *
   * @param reason why it was rejected
   * @param source where it was read
   * @param position where its dead letter is
   */
  void deadLetter(Reason reason, SourcePosition source, SourcePosition position);
}
