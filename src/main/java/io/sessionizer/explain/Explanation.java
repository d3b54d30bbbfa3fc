package io.sessionizer.explain;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.VisitField;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Explains where each visit of a visit id went, and why. */
final class Explanation {
  private static final int WIDEST_PAGE = 40;

  private final Evidence evidence;
  private final RoutingRules rules;
  private final List<Findings.SessionFinding> sessions;
  private final Map<Findings.VisitFinding, Outcome> visits;
  private final List<VisitedPage> deleted;
  private final List<Line> lines = new ArrayList<>();

  private Explanation(Evidence evidence, RoutingRules rules) {
    this.evidence = evidence;
    this.rules = rules;
    Outcomes outcomes = new Outcomes(evidence, rules);
    this.sessions = outcomes.sessions();
    this.visits = outcomes.ofVisits();
    this.deleted = outcomes.deletedVisits();
  }

  /** Returns the explanation, line by line. */
  static List<Line> of(Evidence evidence, RoutingRules rules) {
    return new Explanation(evidence, rules).lines();
  }

  private List<Line> lines() {
    add(LineStyle.RESULT, result());
    add(LineStyle.ASIDE, inForce());
    addVisits();
    addDeletedVisits();
    addRejections();
    if (!evidence.sessions().isEmpty()) {
      title("Sessions, as they were written");
      lines.addAll(SessionLines.of(evidence, rules));
    }
    addWatermark();
    return lines;
  }

  private String inForce() {
    String gap = DisplayFormat.duration(rules.policy().gap().toMillis());
    return rules.areAllInFiles()
        ? "files, gap %s; no visit is late".formatted(gap)
        : "%s engine, gap %s, lateness %s, out-of-orderness %s"
            .formatted(
                rules.engine().flagValue(),
                gap,
                DisplayFormat.duration(rules.policy().allowedLateness().toMillis()),
                DisplayFormat.duration(rules.maxOutOfOrderness().toMillis()));
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
                        count(Outcome.Placement.IN_SESSION) + deleted.size(), "visit", "visits")));
    add(parts, Outcome.Placement.DUPLICATE, "not counted twice");
    add(parts, Outcome.Placement.TOO_LATE, "too late");
    add(parts, Outcome.Placement.DROPPED, "dropped as too late");
    add(parts, Outcome.Placement.NOT_READ, "not read yet");
    add(parts, Outcome.Placement.OPEN, "in no session yet");
    add(parts, Outcome.Placement.MISSING, "in no session");
    add(parts, Outcome.Placement.CARRIED_OVER, "carried over");
    add(parts, Outcome.Placement.OVERLAP, "skipped at the seam");
    if (!evidence.rejections().isEmpty()) {
      parts.add(DisplayFormat.count(evidence.rejections().size(), "dead letter", "dead letters"));
    }
    return evidence.visitId() + ": " + String.join("; ", parts);
  }

  private void add(List<String> parts, Outcome.Placement placement, String what) {
    if (count(placement) > 0) {
      parts.add(DisplayFormat.count(count(placement), "visit ", "visits ") + what);
    }
  }

  private long count(Outcome.Placement placement) {
    return visits.values().stream().filter(outcome -> outcome.placement() == placement).count();
  }

  private void addVisits() {
    if (visits.isEmpty()) {
      return;
    }
    title("Visits, by event time");
    int pageWidth =
        visits.keySet().stream()
            .mapToInt(visit -> DisplayFormat.page(visit.page()).length())
            .max()
            .orElse(0);
    int positionWidth =
        visits.keySet().stream()
            .mapToInt(visit -> evidence.place(visit.position()).length())
            .max()
            .orElse(0);
    Findings.VisitFinding before = null;
    boolean isAnyBetween = false;
    for (Map.Entry<Findings.VisitFinding, Outcome> entry : visits.entrySet()) {
      Findings.VisitFinding visit = entry.getKey();
      Outcome outcome = entry.getValue();
      if (outcome.isAccepted()) {
        if (before != null) {
          add(LineStyle.ASIDE, "    + " + gap(before, visit, isAnyBetween));
        }
        before = visit;
        isAnyBetween = false;
      } else {
        isAnyBetween = true;
      }
      add(
          style(outcome),
          "  %s  %s  %s  %s"
              .formatted(
                  rules.time(visit.time()),
                  padded(DisplayFormat.page(visit.page()), Math.min(pageWidth, WIDEST_PAGE)),
                  padded(evidence.place(visit.position()), positionWidth),
                  where(visit, outcome)));
      lateness(visit, outcome);
    }
  }

  private static LineStyle style(Outcome outcome) {
    return switch (outcome.placement()) {
      case TOO_LATE, DROPPED -> LineStyle.LATE;
      case DEAD -> LineStyle.DEAD;
      default -> LineStyle.PLAIN;
    };
  }

  private String where(Findings.VisitFinding visit, Outcome outcome) {
    return switch (outcome.placement()) {
      case IN_SESSION -> "in " + String.join(" and in ", outcome.sessions());
      case DUPLICATE ->
          visit.eventId() == null
              ? "counted once with the one before, which has the same time and page"
              : "counted once with the one before, which has the same time and event id";
      case TOO_LATE ->
          "too late, in "
              + Objects.requireNonNull(outcome.late(), "too late by a late record").position();
      case DEAD -> {
        Findings.RejectionFinding dead =
            Objects.requireNonNull(
                evidence.rejections().get(visit.position()), "dead by a rejection");
        yield "dead letter %s: %s".formatted(deadLetter(dead), dead.message());
      }
      case DROPPED -> "in no session: too late, and the windows engine writes no late visits";
      case NOT_READ -> "not read yet, by the offset that the job's group has committed";
      case OPEN -> "in no session yet";
      case MISSING -> "in no session: the job has lost it, or had other files or flags";
      case CARRIED_OVER -> "carried over: its session is open at the seam";
      case OVERLAP -> "skipped: it is on the other side of the seam";
    };
  }

  private String deadLetter(Findings.RejectionFinding dead) {
    SourcePosition position = dead.deadLetterPosition();
    return position == null ? "missing" : evidence.place(position);
  }

  /** Adds how late a visit was, if it was, and why it was accepted or not. */
  private void lateness(Findings.VisitFinding visit, Outcome outcome) {
    String allowed =
        "gap and lateness allow less than %s"
            .formatted(DisplayFormat.duration(rules.policy().horizon().toMillis()));
    if (outcome.late() != null) {
      Findings.LateFinding late = outcome.late();
      add(
          LineStyle.LATE,
          "    %s behind the watermark of the job, which was at %s; %s"
              .formatted(
                  DisplayFormat.duration(late.lateBy()),
                  rules.time(visit.time() + late.lateBy()),
                  allowed));
      if (outcome.placement() == Outcome.Placement.IN_SESSION) {
        add(LineStyle.LATE, "    it was when it was read again");
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
                visit.position().topicPartition(),
                rules.time(visit.time() + behind));
    if (!rules.policy().isLate(visit.time(), visit.time() + behind)) {
      add(
          LineStyle.ASIDE,
          "    out of order: %s; not late, since that is less than the gap of %s"
              .formatted(where, DisplayFormat.duration(rules.policy().gap().toMillis())));
      return;
    }
    String late = "late: " + where;
    add(
        LineStyle.LATE,
        "    "
            + switch (outcome.placement()) {
              case DROPPED -> late + "; " + allowed;
              case IN_SESSION, DUPLICATE ->
                  rules.accepts(visit)
                      ? late + ", and accepted: " + allowed
                      : late + acceptedNevertheless();
              default -> late;
            });
  }

  private String acceptedNevertheless() {
    return rules.engine() == Engine.STATEFUL
        ? ", and accepted nevertheless: the job's watermark was not as far, or its session was still open"
        : ", and accepted nevertheless: the job's watermark was not as far";
  }

  /** The time between two accepted visits, and what follows from it. */
  private String gap(
      Findings.VisitFinding before, Findings.VisitFinding visit, boolean isAnyBetween) {
    long millis = visit.time() - before.time();
    String length = DisplayFormat.duration(millis);
    boolean isOne = isOneSession(outcome(before), outcome(visit));
    boolean areTwo = !isOne && isPublished(before) && isPublished(visit);
    long gapMillis = rules.policy().gap().toMillis();
    String gap = "the gap of " + DisplayFormat.duration(gapMillis);
    if (rules.policy().withinGap(before.time(), visit.time())) {
      String byRule = areTwo ? ruleBetween(before, visit) : null;
      if (byRule != null) {
        return "%s: a new session, because %s".formatted(length, byRule);
      }
      return areTwo ? "%s: less than %s, but %s".formatted(length, gap, whyTwo(before)) : length;
    }
    String size = millis == gapMillis ? "exactly " + gap : "more than " + gap;
    if (isOne) {
      return "%s: %s, and yet one session: the job has a longer --sessionGap"
          .formatted(length, size);
    }
    return "%s: %s, so a new session%s"
        .formatted(length, size, isAnyBetween ? " (visits between them do not count)" : "");
  }

  private Outcome outcome(Findings.VisitFinding visit) {
    return Objects.requireNonNull(visits.get(visit), "every visit has an outcome");
  }

  private boolean isPublished(Findings.VisitFinding visit) {
    return !outcome(visit).sessions().isEmpty();
  }

  private static boolean isOneSession(Outcome a, Outcome b) {
    return !Collections.disjoint(a.sessions(), b.sessions());
  }

  /** The rule that ended the session of a visit before the next one; null if none did. */
  private @Nullable String ruleBetween(Findings.VisitFinding before, Findings.VisitFinding next) {
    String id = outcome(before).sessions().get(0);
    EndReason endReason = endReason(id);
    return switch (endReason.cause()) {
      case ENDED -> endReason.rule() + " ended the one before";
      case MIDNIGHT -> "of midnight in " + rules.zone();
      case CHANGED ->
          changed(
              VisitField.named(Objects.requireNonNull(endReason.rule(), "a change is of a field")),
              id,
              next.time());
      default -> null;
    };
  }

  private String changed(VisitField field, String id, long nextMillis) {
    Object from = null;
    Object to = null;
    for (Map.Entry<Findings.VisitFinding, Outcome> entry : visits.entrySet()) {
      Object value = field.of(entry.getKey().visit());
      long time = entry.getKey().time();
      if (value == null || !entry.getValue().isAccepted()) {
        continue;
      }
      if (time < nextMillis && entry.getValue().sessions().contains(id)) {
        from = value;
      } else if (time == nextMillis && to == null && !value.equals(from)) {
        to = value;
      }
    }
    return from == null || to == null
        ? field.fieldName() + " changed"
        : "%s changed from %s to %s".formatted(field.fieldName(), text(from), text(to));
  }

  private static String text(Object value) {
    return value instanceof BigDecimal number ? ProjectedFields.plain(number) : value.toString();
  }

  private String whyTwo(Findings.VisitFinding before) {
    String id = outcome(before).sessions().get(0);
    return switch (endReason(id).cause()) {
      case MAX_DURATION -> "that session reached --maxSessionDuration";
      case MAX_PAGES -> "that session reached --maxPagesPerSession";
      case MAX_BYTES -> "that session reached --maxSessionBytes";
      case INACTIVITY, MIDNIGHT, CHANGED, ENDED ->
          rules.engine() == Engine.WINDOWS
              ? "one of them was late, and the windows engine retracts no session"
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

  private void addDeletedVisits() {
    if (deleted.isEmpty()) {
      return;
    }
    title(
        rules.areAllInFiles()
            ? "In sessions, but in none of the files"
            : (rules.hasOneTopic()
                    ? "In sessions, but not on the visits topic"
                    : "In sessions, but not on a visits topic")
                + " (deleted, or before the start of reading)");
    for (VisitedPage page : deleted) {
      add(
          LineStyle.PLAIN,
          "  %s  %s".formatted(rules.time(page.eventTimeMillis()), DisplayFormat.page(page)));
    }
  }

  private void addRejections() {
    List<Findings.RejectionFinding> others =
        evidence.rejections().values().stream()
            .filter(
                dead ->
                    visits.keySet().stream().noneMatch(v -> v.position().equals(dead.position())))
            .toList();
    if (others.isEmpty()) {
      return;
    }
    title("Rejected records");
    for (Findings.RejectionFinding dead : others) {
      add(
          LineStyle.DEAD,
          "  %s  %s: %s".formatted(evidence.place(dead.position()), dead.reason(), dead.message()));
      add(
          LineStyle.ASIDE,
          "    %s; known by %s"
              .formatted(
                  dead.deadLetterPosition() == null
                      ? rules.areAllInFiles() ? "not a dead letter" : "not yet a dead letter"
                      : "dead letter " + deadLetter(dead),
                  dead.knownBy()));
    }
  }

  private void addWatermark() {
    SortedMap<TopicPartition, Long> watermarks = evidence.watermarks();
    if (watermarks.isEmpty()) {
      return;
    }
    title(
        rules.hasOneTopic()
            ? "Watermark, estimated from the visits topic"
            : "Watermark, estimated from the visits topics");
    Map.Entry<TopicPartition, Long> slowest =
        Collections.min(watermarks.entrySet(), Map.Entry.comparingByValue());
    Map.Entry<TopicPartition, Long> fastest =
        Collections.max(watermarks.entrySet(), Map.Entry.comparingByValue());
    String slow =
        "at %s on partition %s"
            .formatted(rules.time(slowest.getValue()), rules.partition(slowest.getKey()));
    add(
        LineStyle.PLAIN,
        slowest.getKey().equals(fastest.getKey())
            ? "  " + slow
            : "  %s, the slowest, which the others wait for unless it is idle; at %s on partition %s"
                .formatted(
                    slow, rules.time(fastest.getValue()), rules.partition(fastest.getKey())));
    open(slowest.getValue());
  }

  /** Adds when open sessions are emitted. */
  private void open(long watermark) {
    List<Findings.VisitFinding> accepted =
        visits.keySet().stream().filter(visit -> outcome(visit).isAccepted()).toList();
    for (int i = 0; i < accepted.size(); i++) {
      boolean isLastOfRun =
          i + 1 == accepted.size()
              || !rules.policy().withinGap(accepted.get(i).time(), accepted.get(i + 1).time());
      if (isLastOfRun && isAnyOpen(accepted, i)) {
        long emittedAt = rules.policy().closesAt(accepted.get(i).time());
        add(
            LineStyle.PLAIN,
            "  the session of %s is emitted once the watermark reaches %s%s"
                .formatted(
                    rules.time(accepted.get(i).time()),
                    rules.time(emittedAt),
                    watermark >= emittedAt ? ": it has; is the job running?" : ""));
      }
    }
  }

  private boolean isAnyOpen(List<Findings.VisitFinding> accepted, int last) {
    for (int i = last;
        i >= 0
            && (i == last
                || rules.policy().withinGap(accepted.get(i).time(), accepted.get(i + 1).time()));
        i--) {
      if (outcome(accepted.get(i)).placement() == Outcome.Placement.OPEN) {
        return true;
      }
    }
    return false;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private void title(String text) {
    add(LineStyle.TITLE, text);
  }

  private void add(LineStyle style, String text) {
    lines.add(new Line(style, text));
  }
}
