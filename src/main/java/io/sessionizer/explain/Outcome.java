package io.sessionizer.explain;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What became of a visit.
 *
 * @param kind where it is
 * @param sessions the keys of the sessions that it, or its duplicate, is in
 * @param late what the late visits' topic says of it, or null
 */
record Outcome(Status kind, List<String> sessions, Findings.@Nullable LateFinding late) {

  /** Where a visit is. */
  enum Status {
    /** In a session; in several, if the windows engine took nothing back. */
    IN_SESSION,
    /** In no session, as one with the same time and page is, and duplicates are not counted. */
    DUPLICATE,
    /** Among the late visits. */
    TOO_LATE,
    /** It was of the future when it was read. */
    DEAD,
    /** Nowhere, and so late that the windows engine will have dropped it. */
    DROPPED,
    /** Nowhere, as the job has not come so far. */
    NOT_READ,
    /** Nowhere yet: its session is open. */
    OPEN
  }

  /** Whether the job has taken it, so that it counts for the gaps between visits. */
  boolean isTaken() {
    return kind == Status.IN_SESSION || kind == Status.DUPLICATE || kind == Status.OPEN;
  }
}
