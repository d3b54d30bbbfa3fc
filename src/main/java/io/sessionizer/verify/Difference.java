package io.sessionizer.verify;

import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Something in a job's output that is not as its input and its settings say.
 *
 * @param kind what is wrong
 * @param position where, for people; empty if it is nowhere
 * @param visitId the visit id that explains it, or null
 * @param text what there is, and what there has to be
 */
public record Difference(Kind kind, String position, @Nullable String visitId, String text) {

  /** Kinds of differences. */
  public enum Kind {
    /** A session that there has to be is not there. */
    MISSING_SESSION,
    /** A session is there that no visits have. */
    EXTRA_SESSION,
    /** A session is not as its visits say. */
    WRONG_SESSION,
    /** A record of the sessions is not one that a job writes. */
    MALFORMED_SESSION,
    /** A visit is in no session. */
    LOST_VISIT,
    /** A visit of a session that is open at the seam is not carried over. */
    MISSING_OPEN_VISIT,
    /** A visit is carried over, and is not of a session that is open at the seam. */
    EXTRA_OPEN_VISIT,
    /** A record that is not a visit is not in the dead letters. */
    LOST_RECORD,
    /** A record is in two places. */
    TWO_PLACES,
    /** A late visit is not as its source. */
    WRONG_LATE_VISIT,
    /** A dead letter is not as its source. */
    WRONG_DEAD_LETTER,
    /** A late visit or a dead letter names a source that there is not. */
    NO_SOURCE
  }

  /** Returns the difference in one line. */
  @Override
  public String toString() {
    return kind + (position.isEmpty() ? "" : " at " + position) + ": " + text;
  }
}
