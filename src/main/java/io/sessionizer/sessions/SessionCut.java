package io.sessionizer.sessions;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One session, cut out of the visits of a visit id.
 *
 * @param start distinguishes it from the other sessions of the visit id
 * @param pages its visits in their order; at least one
 * @param bytes of its visits in the session's record
 * @param endReason why it ends where it does
 * @param boundaryMillis from this time on no visit belongs to it or changes why it ends, epoch ms
 */
record SessionCut(
    SessionStart start,
    List<VisitedPage> pages,
    SessionBytes bytes,
    EndReason endReason,
    long boundaryMillis) {

  /**
   * Cuts visits into sessions. Where is decided by the visits alone, from the first on: where the
   * gap is, and before the visit with which a session would last too long or be too large. Visits
   * at the same time stay together, even if there are more of them than a session should have, for
   * the time distinguishes the sessions of a visit id. Only if they have more bytes than a session
   * may have are they cut as well; then the sessions that start at that time are numbered.
   *
   * @param sorted visits of one visit id in their order
   */
  static List<SessionCut> all(String visitId, List<VisitedPage> sorted, SessionPolicy policy) {
    return all(visitId, sorted, 0, policy);
  }

  /**
   * Cuts the retained visits of a visit id, as all of them would be cut.
   *
   * @param firstOrdinal of the session that the first visit starts
   */
  static List<SessionCut> all(
      String visitId, List<VisitedPage> sorted, int firstOrdinal, SessionPolicy policy) {
    return new Cutting(sorted, firstOrdinal, policy, SessionBytes.room(visitId, policy)).all();
  }

  /** The first visit, epoch milliseconds. */
  long startMillis() {
    return start.millis();
  }

  /** The last visit, epoch milliseconds. */
  long endMillis() {
    return pages.get(pages.size() - 1).eventTimeMillis();
  }

  /**
   * Why a session ends that is the last one.
   *
   * @param pages how many visits it has
   */
  static EndReason endReasonOfLast(int pages, SessionPolicy policy) {
    return policy.isFull(pages) ? EndReason.MAX_PAGES : EndReason.INACTIVITY;
  }

  /**
   * From when on no visit belongs to a session or changes why it ends.
   *
   * @param end its last visit
   * @param next the visit behind it
   */
  static long boundary(EndReason endReason, long end, long next, SessionPolicy policy) {
    return switch (endReason) {
      case MAX_PAGES -> end + 1;
      case INACTIVITY -> policy.closesAt(end);
      // A visit may be added to the next ones, or, if one of them counts once, be in its place and
      // smaller.
      case MAX_BYTES, MAX_DURATION -> next + 1;
    };
  }

  /** Whether another cut has the same record: its boundary may be another. */
  boolean isSameSession(@Nullable SessionCut other) {
    return other != null
        && start.equals(other.start)
        && pages.equals(other.pages)
        && endReason == other.endReason;
  }

  Session session(String visitId) {
    return new Session(visitId, pages, start.ordinal());
  }

  /** The work of cutting, visit by visit. */
  private static final class Cutting {
    private final List<VisitedPage> sorted;
    private final SessionPolicy policy;
    private final long room;
    private final List<SessionCut> cuts = new ArrayList<>();

    /** The session to be cut next: the index and the ordinal of its first visit, and its bytes. */
    private int first;

    private int ordinal;
    private SessionBytes bytes = SessionBytes.NONE;

    Cutting(List<VisitedPage> sorted, int firstOrdinal, SessionPolicy policy, long room) {
      this.sorted = sorted;
      this.ordinal = firstOrdinal;
      this.policy = policy;
      this.room = room;
    }

    List<SessionCut> all() {
      int at = 0;
      while (at < sorted.size()) {
        int next = at;
        SessionBytes together = SessionBytes.NONE;
        while (next < sorted.size() && time(next) == time(at)) {
          together = together.plus(SessionBytes.of(sorted.get(next)));
          next++;
        }
        EndReason endReason = at == first ? null : endReasonBefore(at, together);
        if (endReason != null) {
          cut(at, endReason, time(at));
        }
        if (bytes.plus(together).fits(room)) {
          bytes = bytes.plus(together);
        } else {
          addOneByOne(at, next);
        }
        at = next;
      }
      if (!sorted.isEmpty()) {
        cut(at, endReasonOfLast(at - first, policy), Long.MAX_VALUE);
      }
      return cuts;
    }

    private @Nullable EndReason endReasonBefore(int at, SessionBytes together) {
      if (policy.isFull(at - first)) {
        return EndReason.MAX_PAGES;
      }
      if (!policy.withinGap(time(at - 1), time(at))) {
        return EndReason.INACTIVITY;
      }
      if (!bytes.plus(together).fits(room)) {
        return EndReason.MAX_BYTES;
      }
      return policy.withinMaxDuration(time(first), time(at)) ? null : EndReason.MAX_DURATION;
    }

    /** Starts a session with visits at one time, and others for those that it has no room for. */
    private void addOneByOne(int from, int to) {
      for (int at = from; at < to; at++) {
        SessionBytes one = SessionBytes.of(sorted.get(at));
        if (at > first && !bytes.plus(one).fits(room)) {
          cut(at, EndReason.MAX_BYTES, time(at));
        }
        bytes = bytes.plus(one);
      }
    }

    private void cut(int next, EndReason why, long nextMillis) {
      List<VisitedPage> pages = List.copyOf(sorted.subList(first, next));
      EndReason endReason = policy.isFull(pages.size()) ? EndReason.MAX_PAGES : why;
      long end = time(next - 1);
      long boundary = boundary(endReason, end, nextMillis, policy);
      SessionStart start = new SessionStart(time(first), ordinal);
      cuts.add(new SessionCut(start, pages, bytes, endReason, boundary));
      ordinal = nextMillis == start.millis() ? ordinal + 1 : 0;
      first = next;
      bytes = SessionBytes.NONE;
    }

    private long time(int at) {
      return sorted.get(at).eventTimeMillis();
    }
  }
}
