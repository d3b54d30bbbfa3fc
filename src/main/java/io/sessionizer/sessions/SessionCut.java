package io.sessionizer.sessions;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.PackedSession;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.PackedUpsert;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SessionStart;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * One session, cut out of the visits of a visit id.
 *
 * @param start distinguishes it from the other sessions of the visit id
 * @param visits those that it is cut out of
 * @param from the number of its first visit
 * @param to the number behind that of its last visit
 * @param bytes of its visits in the session's record
 * @param endReason why it ends where it does
 * @param boundaryMillis from this time on no visit belongs to it or changes why it ends, epoch ms
 */
record SessionCut(
    SessionStart start,
    OrderedVisits visits,
    int from,
    int to,
    SessionBytes bytes,
    EndReason endReason,
    long boundaryMillis) {

  /**
   * Cuts visits into sessions. Where is decided by the visits alone, from the first on: where the
   * gap is, and before the visit with which a session would last too long or be too large. Visits
   * at the same time stay together, even if there are more of them than a session should have, for
   * the time distinguishes the sessions of a visit id. Only if they have more bytes than a session
   * may have are they cut as well; then the sessions that start at that time are numbered. {@link
   * SessionRules} cut further, but not visits at the same time either.
   *
   * @param sorted visits of one visit id in their order
   */
  static List<SessionCut> all(String visitId, List<VisitedPage> sorted, SessionPolicy policy) {
    return all(visitId, new OrderedPages(sorted), 0, policy);
  }

  /**
   * Cuts the retained visits of a visit id, as all of them would be cut.
   *
   * @param firstOrdinal of the session that the first visit starts
   */
  static List<SessionCut> all(
      String visitId, OrderedVisits sorted, int firstOrdinal, SessionPolicy policy) {
    return new Cutting(sorted, firstOrdinal, policy, SessionBytes.room(visitId, policy)).all();
  }

  /** The first visit, epoch milliseconds. */
  long startMillis() {
    return start.millis();
  }

  /** The last visit, epoch milliseconds. */
  long endMillis() {
    return visits.time(to - 1);
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
    return switch (endReason.cause()) {
      case MAX_PAGES -> end + 1;
      // Another visit at the end may have a value of an earlier rule, or, if it counts once,
      // replace
      // the one that has the value. A later one never belongs to the session.
      case ENDED -> end + 1;
      case INACTIVITY -> policy.closesAt(end);
      // A visit may be added to the next ones, or, if one of them counts once, be in its place and
      // smaller.
      case MAX_BYTES, MAX_DURATION -> next + 1;
      // The next ones may become too many bytes, which takes precedence. A visit behind them does
      // not
      // decide whether they are on another date.
      case MIDNIGHT -> next + 1;
      // As by midnight; besides, a visit among the next ones may have another value of an earlier
      // rule, or replace the one that has it. A visit behind them was not compared.
      case CHANGED -> next + 1;
    };
  }

  /** How many visits it has. */
  int size() {
    return to - from;
  }

  /** Returns its visits. */
  List<VisitedPage> pages() {
    return visits.pages(from, to);
  }

  /** Whether another cut has the same record: its boundary may be another. */
  boolean isSameSession(@Nullable SessionCut other) {
    return other != null
        && start.equals(other.start)
        && size() == other.size()
        && endReason.equals(other.endReason)
        && visits.areSame(from, to, other.visits, other.from);
  }

  Session session(String visitId) {
    return new Session(visitId, pages(), start.ordinal());
  }

  /** Returns the record of the session. */
  SessionRecord record(String visitId, int revision, Timing timing) {
    PackedSession packed = start.ordinal() == 0 ? visits.packedSession(from, to) : null;
    return packed == null
        ? new Upsert(session(visitId), revision, timing, endReason)
        : new PackedUpsert(packed, revision, timing, endReason);
  }

  /** Whether another cut has the same visits and ends in the same way. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionCut that
        && boundaryMillis == that.boundaryMillis
        && isSameSession(that);
  }

  @Override
  public int hashCode() {
    return start.hashCode();
  }

  @Override
  public String toString() {
    return start + " " + pages() + " " + endReason + " " + boundaryMillis;
  }

  /** The work of cutting, visit by visit. */
  private static final class Cutting {
    private final OrderedVisits sorted;
    private final SessionPolicy policy;
    private final long room;
    private final List<SessionCut> cuts = new ArrayList<>();

    /** The session to be cut next: the number and the ordinal of its first visit, and its bytes. */
    private int first;

    private int ordinal;
    private long visitsBytes;
    private int userBytes;

    /** The values of this session; null if there are no rules. */
    private final @Nullable RuleValues values;

    Cutting(OrderedVisits sorted, int firstOrdinal, SessionPolicy policy, long room) {
      this.sorted = sorted;
      this.ordinal = firstOrdinal;
      this.policy = policy;
      this.room = room;
      this.values = policy.rules().isNone() ? null : new RuleValues(sorted, policy.rules());
    }

    List<SessionCut> all() {
      int at = 0;
      while (at < sorted.size()) {
        int next = at;
        long visitsTogether = 0;
        int userTogether = 0;
        while (next < sorted.size() && sorted.time(next) == sorted.time(at)) {
          visitsTogether += sorted.visitBytes(next);
          userTogether = Math.max(userTogether, sorted.userBytes(next));
          next++;
        }
        EndReason endReason =
            at == first ? null : endReasonBefore(at, next, visitsTogether, userTogether);
        if (endReason != null) {
          cut(at, endReason, sorted.time(at));
        }
        if (fits(visitsTogether, userTogether)) {
          add(at, next, visitsTogether, userTogether);
        } else {
          addOneByOne(at, next);
        }
        at = next;
      }
      if (at > 0) {
        cut(at, EndReason.INACTIVITY, Long.MAX_VALUE);
      }
      return cuts;
    }

    private @Nullable EndReason endReasonBefore(int at, int next, long ofVisits, int ofUser) {
      EndReason own = ownEndReason(at);
      if (own != null) {
        return own;
      }
      if (!policy.withinGap(sorted.time(at - 1), sorted.time(at))) {
        return EndReason.INACTIVITY;
      }
      if (!fits(ofVisits, ofUser)) {
        return EndReason.MAX_BYTES;
      }
      if (!policy.withinMaxDuration(sorted.time(first), sorted.time(at))) {
        return EndReason.MAX_DURATION;
      }
      if (values == null) {
        return null;
      }
      return policy.rules().isSameDate(sorted.time(first), sorted.time(at))
          ? values.changedBy(at, next)
          : EndReason.MIDNIGHT;
    }

    /** Why the session ends by the visits that it has, whatever comes next. */
    private @Nullable EndReason ownEndReason(int next) {
      EndReason ended = values == null ? null : values.ended();
      return ended == null && policy.isFull(next - first) ? EndReason.MAX_PAGES : ended;
    }

    /** Starts a session with visits at one time, and others for those that it has no room for. */
    private void addOneByOne(int from, int to) {
      for (int at = from; at < to; at++) {
        if (at > first && !fits(sorted.visitBytes(at), sorted.userBytes(at))) {
          cut(at, EndReason.MAX_BYTES, sorted.time(at));
        }
        add(at, at + 1, sorted.visitBytes(at), sorted.userBytes(at));
      }
    }

    private boolean fits(long ofVisits, int ofUser) {
      return visitsBytes + ofVisits + Math.max(userBytes, ofUser) <= room;
    }

    private void add(int from, int to, long ofVisits, int ofUser) {
      if (values != null) {
        values.add(from, to);
      }
      visitsBytes += ofVisits;
      userBytes = Math.max(userBytes, ofUser);
    }

    private void cut(int next, EndReason why, long nextMillis) {
      EndReason own = ownEndReason(next);
      EndReason endReason = own == null ? why : own;
      long end = sorted.time(next - 1);
      long boundary = boundary(endReason, end, nextMillis, policy);
      SessionStart start = new SessionStart(sorted.time(first), ordinal);
      SessionBytes bytes = new SessionBytes(visitsBytes, userBytes);
      cuts.add(new SessionCut(start, sorted, first, next, bytes, endReason, boundary));
      ordinal = nextMillis == start.millis() ? ordinal + 1 : 0;
      first = next;
      visitsBytes = 0;
      userBytes = 0;
      if (values != null) {
        values.clear();
      }
    }
  }
}
