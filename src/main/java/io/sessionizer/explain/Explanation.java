package io.sessionizer.explain;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Tells what became of the visits of one visit id, and why. */
final class Explanation {
  private static final int WIDEST_PAGE = 40;

  private final Evidence evidence;
  private final RoutingRules rules;
  private final List<Findings.SessionFinding> sessions;
  private final Map<Findings.VisitFinding, Outcome> visits;
  private final List<VisitedPage> gone;
  private final List<Line> lines = new ArrayList<>();

  private Explanation(Evidence evidence, RoutingRules rules) {
    this.evidence = evidence;
    this.rules = rules;
    Outcomes outcomes = new Outcomes(evidence, rules);
    this.sessions = outcomes.sessions();
    this.visits = outcomes.ofVisits();
    this.gone = outcomes.goneVisits();
  }

  /** Returns the story, line by line. */
  static List<Line> of(Evidence evidence, RoutingRules rules) {
    return new Explanation(evidence, rules).tell();
  }

  private List<Line> tell() {
    say(LineStyle.RESULT, result());
    say(
        LineStyle.ASIDE,
        "%s engine, gap %s, lateness %s, out-of-orderness %s"
            .formatted(
                rules.engine().flagValue(),
                DisplayFormat.duration(rules.policy().gap().toMillis()),
                DisplayFormat.duration(rules.policy().allowedLateness().toMillis()),
                DisplayFormat.duration(rules.maxOutOfOrderness().toMillis())));
    tellVisits();
    tellGoneVisits();
    tellNoVisits();
    if (!evidence.sessions().isEmpty()) {
      title("Sessions, as they were written");
      lines.addAll(SessionLines.of(evidence.sessions(), rules));
    }
    tellWatermark();
    return lines;
  }

  /** For example {@code v1: 2 sessions of 4 visits; 1 visit too late; 1 dead letter}. */
  private String result() {
    List<String> parts = new ArrayList<>();
    parts.add(
        DisplayFormat.count(sessions.size(), "session", "sessions")
            + (sessions.isEmpty()
                ? ""
                : " of "
                    + DisplayFormat.count(
                        count(Outcome.Status.IN_SESSION) + gone.size(), "visit", "visits")));
    add(parts, Outcome.Status.DUPLICATE, "not counted twice");
    add(parts, Outcome.Status.TOO_LATE, "too late");
    add(parts, Outcome.Status.DROPPED, "dropped as too late");
    add(parts, Outcome.Status.NOT_READ, "not read yet");
    add(parts, Outcome.Status.OPEN, "in no session yet");
    if (!evidence.noVisits().isEmpty()) {
      parts.add(DisplayFormat.count(evidence.noVisits().size(), "dead letter", "dead letters"));
    }
    return evidence.visitId() + ": " + String.join("; ", parts);
  }

  private void add(List<String> parts, Outcome.Status kind, String what) {
    if (count(kind) > 0) {
      parts.add(DisplayFormat.count(count(kind), "visit ", "visits ") + what);
    }
  }

  private long count(Outcome.Status kind) {
    return visits.values().stream().filter(outcome -> outcome.kind() == kind).count();
  }

  private void tellVisits() {
    if (visits.isEmpty()) {
      return;
    }
    title("Visits, by event time");
    int pageWidth =
        visits.keySet().stream()
            .mapToInt(visit -> DisplayFormat.page(visit.page()).length())
            .max()
            .orElse(0);
    int placeWidth =
        visits.keySet().stream().mapToInt(v -> v.place().toString().length()).max().orElse(0);
    Findings.VisitFinding before = null;
    boolean isAnyBetween = false;
    for (Map.Entry<Findings.VisitFinding, Outcome> entry : visits.entrySet()) {
      Findings.VisitFinding visit = entry.getKey();
      Outcome outcome = entry.getValue();
      if (outcome.isTaken()) {
        if (before != null) {
          say(LineStyle.ASIDE, "    + " + gap(before, visit, isAnyBetween));
        }
        before = visit;
        isAnyBetween = false;
      } else {
        isAnyBetween = true;
      }
      say(
          tone(outcome),
          "  %s  %s  %s  %s"
              .formatted(
                  rules.time(visit.time()),
                  padded(DisplayFormat.page(visit.page()), Math.min(pageWidth, WIDEST_PAGE)),
                  padded(visit.place().toString(), placeWidth),
                  where(visit, outcome)));
      lateness(visit, outcome);
    }
  }

  private static LineStyle tone(Outcome outcome) {
    return switch (outcome.kind()) {
      case TOO_LATE, DROPPED -> LineStyle.LATE;
      case DEAD -> LineStyle.DEAD;
      default -> LineStyle.PLAIN;
    };
  }

  private String where(Findings.VisitFinding visit, Outcome outcome) {
    return switch (outcome.kind()) {
      case IN_SESSION -> "in " + String.join(" and in ", outcome.sessions());
      case DUPLICATE -> "counted once with the one before, which has the same time and page";
      case TOO_LATE -> "too late, in " + outcome.late().place();
      case DEAD -> {
        Findings.RejectionFinding dead = evidence.noVisits().get(visit.place());
        yield "dead letter %s: %s".formatted(dead.letter(), dead.message());
      }
      case DROPPED -> "in no session: too late, and the windows engine keeps no late visits";
      case NOT_READ -> "not read yet, by the offset that the job's group has committed";
      case OPEN -> "in no session yet";
    };
  }

  /** Says how late a visit was, if it was, and why it was taken all the same, or was not. */
  private void lateness(Findings.VisitFinding visit, Outcome outcome) {
    String allowed =
        "gap and lateness allow less than %s"
            .formatted(DisplayFormat.duration(rules.policy().horizon().toMillis()));
    if (outcome.late() != null) {
      Findings.LateFinding late = outcome.late();
      say(
          LineStyle.LATE,
          "    %s behind the watermark of the job, which was at %s; %s"
              .formatted(
                  DisplayFormat.duration(late.lateBy()),
                  rules.time(visit.time() + late.lateBy()),
                  allowed));
      if (outcome.kind() == Outcome.Status.IN_SESSION) {
        say(LineStyle.LATE, "    that was when it was read another time");
      }
      return;
    }
    long behind = RoutingRules.behind(visit);
    if (behind == 0) {
      return;
    }
    String where =
        "%s behind the watermark of %s, which was at %s"
            .formatted(
                DisplayFormat.duration(behind),
                visit.place().topicPartition(),
                rules.time(visit.time() + behind));
    if (!rules.policy().isLate(visit.time(), visit.time() + behind)) {
      say(
          LineStyle.ASIDE,
          "    out of order: %s; not late, since that is less than the gap of %s"
              .formatted(where, DisplayFormat.duration(rules.policy().gap().toMillis())));
      return;
    }
    String late = "late: " + where;
    say(
        LineStyle.LATE,
        "    "
            + switch (outcome.kind()) {
              case DROPPED -> late + "; " + allowed;
              case IN_SESSION, DUPLICATE ->
                  rules.takes(visit) ? late + ", and taken: " + allowed : late + takenAllTheSame();
              default -> late;
            });
  }

  private String takenAllTheSame() {
    return rules.engine() == Engine.STATEFUL
        ? ", and taken all the same: the job's watermark was not so far, or its session was held"
        : ", and taken all the same: the job's watermark was not so far";
  }

  /** What lies between two visits that were taken, and what follows from it. */
  private String gap(
      Findings.VisitFinding before, Findings.VisitFinding visit, boolean isAnyBetween) {
    long millis = visit.time() - before.time();
    String length = DisplayFormat.duration(millis);
    boolean isOne = isOneSession(visits.get(before), visits.get(visit));
    boolean areTwo = !isOne && isPublished(before) && isPublished(visit);
    long gapMillis = rules.policy().gap().toMillis();
    String gap = "the gap of " + DisplayFormat.duration(gapMillis);
    if (rules.policy().withinGap(before.time(), visit.time())) {
      return areTwo ? "%s: less than %s, but %s".formatted(length, gap, whyTwo(before)) : length;
    }
    String size = millis == gapMillis ? "exactly " + gap : "more than " + gap;
    if (isOne) {
      return "%s: %s, and yet one session: the job has a longer --sessionGap"
          .formatted(length, size);
    }
    return "%s: %s, so a new session%s"
        .formatted(length, size, isAnyBetween ? " (what lies between does not count)" : "");
  }

  private boolean isPublished(Findings.VisitFinding visit) {
    return !visits.get(visit).sessions().isEmpty();
  }

  private static boolean isOneSession(Outcome a, Outcome b) {
    return !Collections.disjoint(a.sessions(), b.sessions());
  }

  private String whyTwo(Findings.VisitFinding before) {
    String id = visits.get(before).sessions().get(0);
    return switch (endReason(id)) {
      case MAX_DURATION -> "that session lasted as long as it may (--maxSessionDuration)";
      case MAX_PAGES -> "that session had as many visits as it may (--maxPagesPerSession)";
      case MAX_BYTES -> "that session had as many bytes as it may (--maxSessionBytes)";
      case INACTIVITY ->
          rules.engine() == Engine.WINDOWS
              ? "one of them was late, and the windows engine takes no session back"
              : "they are two sessions: the job has a shorter --sessionGap";
    };
  }

  private EndReason endReason(String id) {
    return sessions.stream()
        .filter(session -> session.id().equals(id) && session.record() instanceof Upsert)
        .map(session -> ((Upsert) session.record()).endReason())
        .findFirst()
        .orElseThrow();
  }

  private void tellGoneVisits() {
    if (gone.isEmpty()) {
      return;
    }
    title(
        "In sessions, but not found on the visits topic (deleted, or before where reading began)");
    for (VisitedPage page : gone) {
      say(
          LineStyle.PLAIN,
          "  %s  %s".formatted(rules.time(page.eventTimeMillis()), DisplayFormat.page(page)));
    }
  }

  private void tellNoVisits() {
    List<Findings.RejectionFinding> others =
        evidence.noVisits().values().stream()
            .filter(dead -> visits.keySet().stream().noneMatch(v -> v.place().equals(dead.place())))
            .toList();
    if (others.isEmpty()) {
      return;
    }
    title("No visits");
    for (Findings.RejectionFinding dead : others) {
      say(LineStyle.DEAD, "  %s  %s: %s".formatted(dead.place(), dead.reason(), dead.message()));
      say(
          LineStyle.ASIDE,
          "    %s; known by %s"
              .formatted(
                  dead.letter() == null
                      ? "not among the dead letters yet"
                      : "dead letter " + dead.letter(),
                  dead.sign()));
    }
  }

  private void tellWatermark() {
    SortedMap<Integer, Long> watermarks = evidence.watermarks();
    if (watermarks.isEmpty()) {
      return;
    }
    title("Watermark, as far as the visits topic tells");
    Map.Entry<Integer, Long> slowest =
        Collections.min(watermarks.entrySet(), Map.Entry.comparingByValue());
    Map.Entry<Integer, Long> fastest =
        Collections.max(watermarks.entrySet(), Map.Entry.comparingByValue());
    String slow =
        "at %s on partition %s".formatted(rules.time(slowest.getValue()), slowest.getKey());
    say(
        LineStyle.PLAIN,
        slowest.getKey().equals(fastest.getKey())
            ? "  " + slow
            : "  %s, the slowest, which the others wait for unless it is idle; at %s on partition %s"
                .formatted(slow, rules.time(fastest.getValue()), fastest.getKey()));
    open(slowest.getValue());
  }

  /** Says when the sessions come out that are open. */
  private void open(long watermark) {
    List<Findings.VisitFinding> taken =
        visits.keySet().stream().filter(visit -> visits.get(visit).isTaken()).toList();
    for (int i = 0; i < taken.size(); i++) {
      boolean isLastOfRun =
          i + 1 == taken.size()
              || !rules.policy().withinGap(taken.get(i).time(), taken.get(i + 1).time());
      if (isLastOfRun && isAnyOpen(taken, i)) {
        long due = rules.policy().closesAt(taken.get(i).time());
        say(
            LineStyle.PLAIN,
            "  the session of %s comes out when the watermark reaches %s%s"
                .formatted(
                    rules.time(taken.get(i).time()),
                    rules.time(due),
                    watermark >= due ? ": it has; does the job run?" : ""));
      }
    }
  }

  private boolean isAnyOpen(List<Findings.VisitFinding> taken, int last) {
    for (int i = last;
        i >= 0
            && (i == last
                || rules.policy().withinGap(taken.get(i).time(), taken.get(i + 1).time()));
        i--) {
      if (visits.get(taken.get(i)).kind() == Outcome.Status.OPEN) {
        return true;
      }
    }
    return false;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private void title(String text) {
    say(LineStyle.TITLE, text);
  }

  private void say(LineStyle tone, String text) {
    lines.add(new Line(tone, text));
  }
}
