package io.sessionizer.sessions;

import io.sessionizer.records.PackedSession;
import io.sessionizer.records.VisitedPage;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Visits of one visit id, in the order of {@link VisitedPage}, numbered from 0. Immutable.
 *
 * <p>A visit id may have a hundred thousand of them: where they are cut into sessions is decided on
 * numbers, and only those of a session that is published are read.
 */
interface OrderedVisits {
  int size();

  /** Returns the time of a visit, epoch milliseconds. */
  long time(int at);

  /** Returns the bytes of a visit in its session's record, without those of its user. */
  int visitBytes(int at);

  /** Returns the bytes of a visit's user in its session's record. */
  int userBytes(int at);

  /** Reads the value that a visit has of a field. */
  void read(int at, VisitField field, ComparedValue into);

  /** Returns some visits as objects. */
  List<VisitedPage> pages(int from, int to);

  /** Returns some visits as one session, if that can be without creating objects. */
  @Nullable PackedSession packedSession(int from, int to);

  /** Whether some visits are equal to as many others. */
  default boolean areSame(int from, int to, OrderedVisits others, int othersFrom) {
    return pages(from, to).equals(others.pages(othersFrom, othersFrom + to - from));
  }
}
