package io.sessionizer.explain;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Where a visit went.
 *
 * @param placement where it is
 * @param sessions the keys of the sessions that it, or its duplicate, is in
 * @param late its record on the late visits' topic, or null
 */
record Outcome(Placement placement, List<String> sessions, Findings.@Nullable LateFinding late) {

  /** Where a visit is. */
  enum Placement {
    /** In a session; in several, if the windows engine retracted none. */
    IN_SESSION,
    /** In no session: one with the same time and page is, and duplicates are not counted. */
    DUPLICATE,
    /** Among the late visits. */
    TOO_LATE,
    /** A dead letter: its event time was in the future when it was read. */
    DEAD,
    /** Nowhere, and so late that the windows engine dropped it. */
    DROPPED,
    /** Nowhere: the job has not read it yet. */
    NOT_READ,
    /** In no session yet: its session is open. */
    OPEN,
    /** In no session of files, where none is open. */
    MISSING,
    /** Carried over to another job, since its session is open at the seam. */
    CARRIED_OVER,
    /** Skipped: the job on the other side of the seam has it. */
    OVERLAP
  }

  /** Whether the job accepted it, so that it counts for the gaps between visits. */
  boolean isAccepted() {
    return placement == Placement.IN_SESSION
        || placement == Placement.DUPLICATE
        || placement == Placement.OPEN
        || placement == Placement.MISSING
        || placement == Placement.CARRIED_OVER;
  }
}
