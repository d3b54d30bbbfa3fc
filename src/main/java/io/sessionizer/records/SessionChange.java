package io.sessionizer.records;

/** What a consumer of sessions has to know next about one session id. */
public sealed interface SessionChange permits SessionChange.Upsert, SessionChange.Tombstone {

  /** The visit id. */
  default String visitId() {
    return sessionId().visitId();
  }

  /** The session id. */
  SessionId sessionId();

  /** The first visit, epoch milliseconds. */
  default long startMillis() {
    return sessionId().start().millis();
  }

  /** Counts up with every change of this session id, from 1. */
  int revision();

  /**
   * A session as it is from now on.
   *
   * @param session the whole session
   * @param revision 1 for the first, then counting up with every correction
   * @param timing whether it is a correction
   * @param endReason why the session ended
   */
  record Upsert(Session session, int revision, Timing timing, EndReason endReason)
      implements SessionChange {
    @Override
    public String visitId() {
      return session.visitId();
    }

    @Override
    public SessionId sessionId() {
      return session.id();
    }
  }

  /**
   * A session that is no more: its visits are in another one.
   *
   * @param sessionId the id of the session that is no more
   * @param revision one more than that of its last upsert
   * @param supersededBy the id of the session that its first visit is in now
   */
  record Tombstone(SessionId sessionId, int revision, SessionId supersededBy)
      implements SessionChange {}
}
