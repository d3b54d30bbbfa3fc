package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionStart;
import io.sessionizer.sessions.SessionState.Publication;
import io.sessionizer.sessions.SessionState.Status;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ids of sessions that an earlier job has published, of visits that this job may read again. A
 * session that it does not form again is retracted as if it had published it itself.
 *
 * <p>A visit id is stored as a hash: a session needs 20 bytes. If two visit ids have the same hash,
 * a tombstone may be written for a session that never was.
 */
public final class EarlierSessions implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No sessions. */
  public static final EarlierSessions NONE = of(List.of());

  /** By visit id, then by start. */
  private final long[] visitIds;

  private final long[] starts;
  private final int[] ordinals;
  private final long latestStart;

  /** Sessions to which others are added, and from which some are removed. Not thread-safe. */
  public static final class SessionSet {
    private final Set<Hashed> sessions = new HashSet<>();

    /** Adds a session, unless it is there. */
    public void add(SessionId id) {
      sessions.add(Hashed.of(id));
    }

    /** Removes a session, if it is there. */
    public void remove(SessionId id) {
      sessions.remove(Hashed.of(id));
    }

    /** Returns those that are there. */
    public EarlierSessions toEarlierSessions() {
      List<Hashed> sorted = sessions.stream().sorted(Hashed.ORDER).toList();
      return new EarlierSessions(
          sorted.stream().mapToLong(Hashed::visitId).toArray(),
          sorted.stream().mapToLong(Hashed::startMillis).toArray(),
          sorted.stream().mapToInt(Hashed::ordinal).toArray());
    }
  }

  /**
   * A session.
   *
   * @param visitId the hash of the visit id
   * @param startMillis the start in the session id
   * @param ordinal that in the session id
   */
  private record Hashed(long visitId, long startMillis, int ordinal) {
    private static final Comparator<Hashed> ORDER =
        Comparator.comparingLong(Hashed::visitId)
            .thenComparingLong(Hashed::startMillis)
            .thenComparingInt(Hashed::ordinal);

    static Hashed of(SessionId id) {
      byte[] utf8 = id.visitId().getBytes(UTF_8);
      return new Hashed(hash(utf8, 0, utf8.length), id.start().millis(), id.start().ordinal());
    }
  }

  private EarlierSessions(long[] visitIds, long[] starts, int[] ordinals) {
    this.visitIds = visitIds;
    this.starts = starts;
    this.ordinals = ordinals;
    this.latestStart = Arrays.stream(starts).max().orElse(Long.MIN_VALUE);
  }

  /** Returns some sessions. */
  public static EarlierSessions of(Collection<SessionId> ids) {
    SessionSet set = new SessionSet();
    ids.forEach(set::add);
    return set.toEarlierSessions();
  }

  /** How many sessions there are. */
  public int size() {
    return starts.length;
  }

  /**
   * Returns the sessions of a visit id that start at a time or later, as publications that are to
   * be retracted unless the session is formed again.
   *
   * @param utf8 has the visit id
   */
  List<Publication> from(long fromMillis, byte[] utf8, int visitIdFrom, int visitIdLength) {
    if (fromMillis > latestStart) {
      return List.of();
    }
    long visitId = hash(utf8, visitIdFrom, visitIdLength);
    int at = Arrays.binarySearch(visitIds, visitId);
    while (at > 0 && visitIds[at - 1] == visitId) {
      at--;
    }
    List<Publication> sessions = new ArrayList<>();
    for (; at >= 0 && at < visitIds.length && visitIds[at] == visitId; at++) {
      if (starts[at] >= fromMillis) {
        SessionStart start = new SessionStart(starts[at], ordinals[at]);
        sessions.add(new Publication(start, Publication.OF_EARLIER_JOB, Status.STALE));
      }
    }
    return sessions;
  }

  /** FNV-1a. */
  private static long hash(byte[] bytes, int from, int length) {
    long hash = 0xcbf29ce484222325L;
    for (int i = from; i < from + length; i++) {
      hash = (hash ^ (bytes[i] & 0xFF)) * 0x100000001b3L;
    }
    return hash;
  }
}
