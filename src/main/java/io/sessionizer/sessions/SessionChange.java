package io.sessionizer.sessions;

/**
 * A session as it is from now on.
 *
 * @param session the whole session
 * @param revision 1 for the first, then counting up with every correction
 * @param timing whether it is a correction
 * @param endReason why the session ended
 */
public record SessionChange(Session session, int revision, Timing timing, EndReason endReason) {}
