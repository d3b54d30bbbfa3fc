package io.sessionizer.sessions;

/**
 * The part of a shard's state that is read with every call: which log is the shard's, and which
 * index in memory fits it.
 *
 * @param policy by which the sessions in the log were cut
 * @param token a random number, another one with every call: an index with this token has the state
 *     that the log has
 * @param firstNumber the number of the first entry of the log
 * @param nextNumber the number that the next entry gets
 * @param timerMillis the watermark for which the timer is set; {@link SessionState#NEVER} if there
 *     is none
 * @param bytesInLog how many bytes the log has, with those that a backend needs for an entry
 * @param bytesAlive how many of them a log would have that has the last state of each visit id only
 */
record ShardHeader(
    SessionPolicy policy,
    long token,
    long firstNumber,
    long nextNumber,
    long timerMillis,
    long bytesInLog,
    long bytesAlive) {

  /** Returns the header with other rules in its policy. */
  ShardHeader with(SessionRules rules) {
    return new ShardHeader(
        policy.with(rules), token, firstNumber, nextNumber, timerMillis, bytesInLog, bytesAlive);
  }
}
