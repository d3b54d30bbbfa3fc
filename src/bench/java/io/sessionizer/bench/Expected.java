package io.sessionizer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.sessions.ModelSessionizer;
import io.sessionizer.sessions.Session;
import io.sessionizer.sessions.SessionJson;
import io.sessionizer.sessions.VisitedPage;
import io.sessionizer.visits.Visit;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The sessions that have to come out: those of the naive model, which has all visits in memory. */
final class Expected {
  static final Duration GAP = Duration.ofMinutes(16);
  private static final Duration MAX_OUT_OF_ORDERNESS = Duration.ofMinutes(1);

  private final Map<String, ModelSession> sessions = new HashMap<>();
  private final double openVisits;

  /**
   * A session of the model.
   *
   * @param json as it is to be on the topic
   * @param visits how many visits it has
   */
  private record ModelSession(byte[] json, int visits) {}

  private Expected(Collection<Session> model) {
    SessionJson json = new SessionJson(ZoneOffset.UTC);
    for (Session session : model) {
      sessions.put(session.id(), new ModelSession(json.write(session), session.pages().size()));
    }
    this.openVisits = openVisits(model);
  }

  /** Returns what has to come out of {@code visits}. */
  static Expected of(Collection<Visit> visits) {
    return new Expected(ModelSessionizer.sessions(visits, GAP));
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
   * @param table the newest value of each key
   * @return nothing if it is exactly that of the model
   */
  String problems(Map<String, byte[]> table) {
    int missing = 0;
    int wrong = 0;
    for (Map.Entry<String, ModelSession> session : sessions.entrySet()) {
      byte[] is = table.get(session.getKey());
      if (is == null) {
        missing++;
      } else if (!Arrays.equals(is, session.getValue().json())) {
        wrong++;
      }
    }
    int unexpected = table.size() - (sessions.size() - missing);
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

  /** Averages over the middle of event time. */
  private static double openVisits(Collection<Session> model) {
    long first = model.stream().mapToLong(Session::startMillis).min().orElse(0);
    long last = model.stream().mapToLong(Session::endMillis).max().orElse(0);
    long from = first + (last - first) / 4;
    long to = last - (last - first) / 4;
    double millis = 0;
    for (Session session : model) {
      long closed = session.endMillis() + GAP.plus(MAX_OUT_OF_ORDERNESS).toMillis();
      for (VisitedPage page : session.pages()) {
        millis += Math.max(0, Math.min(to, closed) - Math.max(from, page.eventTimeMillis()));
      }
    }
    return to == from ? 0 : millis / (to - from);
  }

  /** Whether a record is about the visits that only move time on. */
  static boolean isOfMarker(String id) {
    return id.startsWith(Backlog.MARKER);
  }

  static String id(byte[] key) {
    return new String(key, UTF_8);
  }
}
