package io.sessionizer.bench;

import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitedPage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The sessions to be emitted: those of the naive model, which has all visits in memory. */
final class Expected {
  private static final Duration MAX_OUT_OF_ORDERNESS = Duration.ofMinutes(1);

  private final Map<String, ModelSession> sessions = new HashMap<>();
  private final Set<String> undecided;
  private final double openVisits;

  /**
   * A session of the model.
   *
   * @param digest of what is to be on the topic
   * @param visits how many visits it has
   */
  private record ModelSession(byte[] digest, int visits) {}

  /**
   * Expects sessions.
   *
   * @param model all of them
   * @param undecided the visit ids whose sessions may be others
   */
  Expected(Collection<Session> model, Set<String> undecided) {
    SessionJson json = new SessionJson(ZoneOffset.UTC);
    for (Session session : model) {
      if (!undecided.contains(session.visitId())) {
        sessions.put(
            session.id().toString(),
            new ModelSession(digest(json.write(session)), session.pages().size()));
      }
    }
    this.undecided = undecided;
    this.openVisits = openVisits(model);
  }

  /** Returns the number of sessions. */
  int count() {
    return sessions.size();
  }

  /** Returns how many visits the session with this id has; 0 if there is no such session. */
  int visitsOf(String id) {
    ModelSession session = sessions.get(id);
    return session == null ? 0 : session.visits();
  }

  /** How many visits are in sessions that are not over yet, on average, when half is read. */
  double openVisits() {
    return openVisits;
  }

  /**
   * Returns what is wrong with a table of sessions.
   *
   * @param table the {@linkplain #digest digest} of the newest value of each key
   * @return nothing if it is exactly that of the model
   */
  String problems(Map<String, byte[]> table) {
    int missing = 0;
    int wrong = 0;
    for (Map.Entry<String, ModelSession> session : sessions.entrySet()) {
      byte[] is = table.get(session.getKey());
      if (is == null) {
        missing++;
      } else if (!Arrays.equals(is, session.getValue().digest())) {
        wrong++;
      }
    }
    long unexpected =
        table.keySet().stream()
            .filter(id -> !sessions.containsKey(id) && !undecided.contains(visitId(id)))
            .count();
    return missing + wrong + unexpected == 0
        ? ""
        : String.format(
            Locale.ROOT,
            "of %,d sessions %,d are missing and %,d wrong; %,d others",
            sessions.size(),
            missing,
            wrong,
            unexpected);
  }

  /** Returns the SHA-256 digest of a value: millions of values are too many for the heap. */
  static byte[] digest(byte[] value) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(value);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Averages over the middle of event time. */
  private static double openVisits(Collection<Session> model) {
    long first = model.stream().mapToLong(Session::startMillis).min().orElse(0);
    long last = model.stream().mapToLong(Session::endMillis).max().orElse(0);
    long from = first + (last - first) / 4;
    long to = last - (last - first) / 4;
    double millis = 0;
    for (Session session : model) {
      long closed = session.endMillis() + Task.GAP.plus(MAX_OUT_OF_ORDERNESS).toMillis();
      for (VisitedPage page : session.pages()) {
        millis += Math.max(0, Math.min(to, closed) - Math.max(from, page.eventTimeMillis()));
      }
    }
    return to == from ? 0 : millis / (to - from);
  }

  private static String visitId(String id) {
    return SessionId.parse(id).visitId();
  }
}
