package io.sessionizer.kafka.admin;

import io.sessionizer.sessions.SessionPolicy;
import java.util.HashMap;
import java.util.Map;

/**
 * The sessions that can still change at a watermark, of visits that are added in any order. Caps
 * are ignored: where they cut a session depends on its first visit. Times are epoch milliseconds.
 * Not thread-safe.
 *
 * <p>For example, with a gap of 16 minutes, no allowed lateness and a watermark of 12:00, visits
 * after 11:44 are accepted. So a session whose last visit is at 11:29 can change: a visit at
 * 11:44:30 belongs to it. It starts at 11:15 if its visit id has a visit then.
 */
final class OpenSessions {
  private final SessionPolicy policy;
  private final long openFrom;

  /** By visit id, first and last visit of each session, in order of time. */
  private final Map<String, long[]> sessions = new HashMap<>();

  /** Whether all visit ids of open sessions are known. */
  private boolean isComplete;

  OpenSessions(SessionPolicy policy, long watermark) {
    this.policy = policy;
    this.openFrom = policy.earliestOnTime(policy.earliestAccepted(watermark));
  }

  /** Adds a visit. */
  void add(String visitId, long time) {
    long[] before = sessions.get(visitId);
    if (before == null) {
      if (!isComplete) {
        sessions.put(visitId, new long[] {time, time});
      }
    } else {
      sessions.put(visitId, with(before, time));
    }
  }

  /** Returns sessions with one more visit, which may join some of them. */
  private long[] with(long[] before, long time) {
    int from = 0;
    while (from < before.length && !isJoined(before[from + 1], time)) {
      from += 2;
    }
    int to = from;
    long first = time;
    long last = time;
    while (to < before.length && !isApart(time, before[to])) {
      first = Math.min(first, before[to]);
      last = Math.max(last, before[to + 1]);
      to += 2;
    }
    if (to == from + 2) {
      before[from] = first;
      before[from + 1] = last;
      return before;
    }
    long[] after = new long[before.length - (to - from) + 2];
    System.arraycopy(before, 0, after, 0, from);
    after[from] = first;
    after[from + 1] = last;
    System.arraycopy(before, to, after, from + 2, before.length - to);
    return after;
  }

  /** Whether a session that ends with a visit at {@code last} is not over before {@code time}. */
  private boolean isJoined(long last, long time) {
    return time <= last || policy.withinGap(last, time);
  }

  private boolean isApart(long time, long first) {
    return first > time && !policy.withinGap(time, first);
  }

  /**
   * All visits from {@link #openFrom} on are added: those of other visit ids are of no interest
   * from now on.
   */
  void complete() {
    if (!isComplete) {
      isComplete = true;
      sessions.values().removeIf(each -> each[each.length - 1] < openFrom);
    }
  }

  /** A session can change if its last visit is at this time or later. */
  long openFrom() {
    return openFrom;
  }

  /** The first visit of any session that can change, {@link #openFrom} if none starts earlier. */
  long earliestStart() {
    long earliest = openFrom;
    for (long[] each : sessions.values()) {
      for (int i = 0; i < each.length; i += 2) {
        if (each[i + 1] >= openFrom) {
          earliest = Math.min(earliest, each[i]);
        }
      }
    }
    return earliest;
  }
}
