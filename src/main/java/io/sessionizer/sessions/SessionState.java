package io.sessionizer.sessions;

import io.sessionizer.records.SessionStart;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The state of one visit id between calls, besides its visits: small, and enough to accept most
 * visits without loading the others. Immutable. All times are epoch milliseconds.
 *
 * @param phase whether there is a newest session, and whether it is open
 * @param userId the user of the first visit; a visit of another user is stored with its own
 * @param publications the last record of each session id, by start
 * @param evictedUpToMillis no visit before this time is accepted: it might belong to a session that
 *     has expired
 * @param unaffectedFromMillis a visit from this time on changes no session that is {@link
 *     Status#CURRENT}; {@link #BEGINNING_OF_TIME} if there is none, since then no visit does
 * @param firstOrdinal of the session that the first retained visit starts: others that start in its
 *     millisecond may have expired
 * @param nextActionAtMillis the watermark of the next action other than to close the open session;
 *     {@link #NEVER} if there is none
 */
record SessionState(
    Phase phase,
    @Nullable String userId,
    List<Publication> publications,
    long evictedUpToMillis,
    long unaffectedFromMillis,
    int firstOrdinal,
    long nextActionAtMillis) {

  /** Before all event times. */
  static final long BEGINNING_OF_TIME = Long.MIN_VALUE;

  /** After all watermarks. */
  static final long NEVER = Long.MAX_VALUE;

  /** Of a visit id of which nothing is retained. */
  static final SessionState EMPTY =
      new SessionState(
          new Phase.Empty(), null, List.of(), BEGINNING_OF_TIME, BEGINNING_OF_TIME, 0, NEVER);

  /** The phase of a visit id, by its newest session: none, open, or retained. */
  sealed interface Phase permits OpenSession, Phase.Empty, Phase.Retained {
    /** There is no session. */
    record Empty() implements Phase {}

    /** The newest session is published as it is, and retained for late visits. */
    record Retained() implements Phase {}
  }

  /**
   * The last record that was published under a session id.
   *
   * @param start the start in the session id
   * @param revision of the record; {@link #OF_EARLIER_JOB} if this job has published none
   * @param status how the record compares with the visits
   */
  record Publication(SessionStart start, int revision, Status status) {
    /** Stands for the record of a job that this one continues without its state. */
    static final int OF_EARLIER_JOB = 0;

    /** Whether this job has published the record. */
    boolean isOwn() {
      return revision != OF_EARLIER_JOB;
    }
  }

  /** How the last record of a session id compares with the visits accepted since. */
  enum Status {
    /** The session is as it was published. */
    CURRENT,
    /** The session has changed or was merged away, and that is not published yet. */
    STALE,
    /** The session was merged away, and its tombstone is published. */
    RETRACTED
  }

  /** Copies the list. */
  SessionState {
    publications = List.copyOf(publications);
  }

  /**
   * The state of a visit id after its first visit.
   *
   * @param publications those of an earlier job
   */
  static SessionState begin(
      OpenSession session,
      @Nullable String userId,
      List<Publication> publications,
      long evictedUpTo) {
    return new SessionState(
        session, userId, publications, evictedUpTo, BEGINNING_OF_TIME, 0, NEVER);
  }

  /** Whether nothing is retained of the visit id. */
  boolean isEmpty() {
    return phase instanceof Phase.Empty;
  }

  /**
   * Whether a visit that is not late can be appended without loading the others: it changes no
   * published session, and no session is to be published at once because of it.
   */
  boolean canAppend(
      long time, SessionBytes ofVisit, long watermark, long room, SessionPolicy policy) {
    return time >= unaffectedFromMillis
        && (time >= watermark
            || !(phase instanceof OpenSession newest)
            || time > newest.endMillis()
            || newest.certainlyKeepsEnds(time, ofVisit, room, policy));
  }

  /** Returns the state after a visit that {@link #canAppend}. */
  SessionState append(long time, SessionBytes ofVisit, long room, SessionPolicy policy) {
    if (!(phase instanceof OpenSession newest)) {
      return with(OpenSession.begin(time, ofVisit), nextActionAtMillis);
    }
    if (newest.accepts(time, ofVisit, room, policy)) {
      return with(newest.with(time, ofVisit), nextActionAtMillis);
    }
    if (time > newest.endMillis()) {
      return with(newest.next(time, ofVisit), newest.closesAtMillis(policy));
    }
    // Whichever sessions this changes, none of them closes before.
    boolean mayEndBefore = !newest.certainlyKeepsEnds(time, ofVisit, room, policy);
    return with(newest.with(time, ofVisit), mayEndBefore ? time + 1 : policy.closesAt(time));
  }

  private SessionState with(OpenSession newest, long actionAt) {
    return new SessionState(
        newest,
        userId,
        publications,
        evictedUpToMillis,
        unaffectedFromMillis,
        firstOrdinal,
        Math.min(nextActionAtMillis, actionAt));
  }

  /**
   * Returns the state for other sessions.
   *
   * @param cuts all sessions, in their order; at least one
   */
  SessionState with(
      List<SessionCut> cuts,
      PublishedSessions published,
      long newEvictedUpTo,
      SessionPolicy policy) {
    Phase newest = new Phase.Retained();
    long unaffectedFrom = BEGINNING_OF_TIME;
    long actionAt = NEVER;
    SessionBytes earlier = SessionBytes.NONE;
    int last = cuts.size() - 1;
    for (int i = 0; i <= last; i++) {
      SessionCut cut = cuts.get(i);
      if (published.isCurrent(cut)) {
        unaffectedFrom = cut.boundaryMillis();
        earlier = SessionBytes.NONE;
      } else if (i == last) {
        newest = OpenSession.of(cut, earlier);
      } else {
        actionAt = Math.min(actionAt, policy.closesAt(cut.endMillis()));
        earlier = earlier.plus(cut.bytes());
      }
    }
    if (last > 0 || newest instanceof Phase.Retained) {
      actionAt = Math.min(actionAt, policy.expiresAt(cuts.get(0).boundaryMillis()));
    }
    return new SessionState(
        newest,
        userId,
        published.publications(),
        newEvictedUpTo,
        unaffectedFrom,
        cuts.get(0).start().ordinal(),
        actionAt);
  }

  /** Whether all that is retained is one session, and nothing of it is or was published. */
  boolean isOneOpenSession() {
    return phase instanceof OpenSession open
        && open.start().ordinal() == 0
        && open.earlier().equals(SessionBytes.NONE)
        && publications.isEmpty()
        && firstOrdinal == 0
        && nextActionAtMillis == NEVER;
  }

  /** Whether all that is retained is one session that is published as it is. */
  boolean isOnePublishedSession() {
    return phase instanceof Phase.Retained
        && publications.size() == 1
        && publications.get(0).status() == Status.CURRENT;
  }

  /** The watermark of the next action. */
  long wakeAtMillis(SessionPolicy policy) {
    return phase instanceof OpenSession newest
        ? Math.min(nextActionAtMillis, newest.closesAtMillis(policy))
        : nextActionAtMillis;
  }
}
