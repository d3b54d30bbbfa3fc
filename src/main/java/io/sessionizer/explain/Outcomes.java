package io.sessionizer.explain;

import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Decides where each visit went: where its position, or its time and page, are found. */
final class Outcomes {
  private final Evidence evidence;
  private final RoutingRules rules;
  private final SortedMap<String, Findings.SessionFinding> current;

  /** Visits that are carried over, and in no outcome yet. */
  private final Map<VisitedPage, Integer> carriedOver;

  Outcomes(Evidence evidence, RoutingRules rules) {
    this.evidence = evidence;
    this.rules = rules;
    this.current = current(evidence.sessions());
    this.carriedOver = new HashMap<>(evidence.carriedOver());
  }

  /** The newest record of every key that was not deleted, by start. */
  List<Findings.SessionFinding> sessions() {
    return current.values().stream()
        .sorted(
            Comparator.comparing(Findings.SessionFinding::start)
                .thenComparing(Findings.SessionFinding::ordinal))
        .toList();
  }

  private static SortedMap<String, Findings.SessionFinding> current(
      List<Findings.SessionFinding> records) {
    SortedMap<String, Findings.SessionFinding> current = new TreeMap<>();
    for (Findings.SessionFinding record : records) {
      if (record.isTombstone()) {
        current.remove(record.id());
      } else {
        current.put(record.id(), record);
      }
    }
    return current;
  }

  /** Where the visits went, in their order. */
  Map<Findings.VisitFinding, Outcome> ofVisits() {
    Map<Findings.VisitFinding, Outcome> outcomes = new LinkedHashMap<>();
    // Visits with the same time and page cannot be distinguished: as many as a session has are in
    // it.
    Map<Findings.SessionFinding, Map<VisitedPage, Integer>> left = new LinkedHashMap<>();
    sessions().forEach(session -> left.put(session, counted(session.pages())));
    List<Findings.VisitFinding> visits = evidence.visits();
    visits.forEach(visit -> outcomes.put(visit, null));
    for (boolean late : new boolean[] {false, true}) {
      for (Findings.VisitFinding visit : visits) {
        if (evidence.late().containsKey(visit.position()) == late) {
          outcomes.put(visit, outcome(visit, left));
        }
      }
    }
    return outcomes;
  }

  /** Visits of sessions that are not on the visits topic, by time. */
  List<VisitedPage> deletedVisits() {
    Map<VisitedPage, Integer> onTopic = new HashMap<>();
    evidence.visits().forEach(visit -> onTopic.merge(visit.page(), 1, Integer::sum));
    Map<Long, List<VisitedPage>> byStart = new HashMap<>();
    for (Findings.SessionFinding session : current.values()) {
      byStart.computeIfAbsent(session.start(), start -> new ArrayList<>()).addAll(session.pages());
    }
    Map<VisitedPage, Integer> deleted = new TreeMap<>();
    for (List<VisitedPage> pages : byStart.values()) {
      counted(pages)
          .forEach(
              (page, count) ->
                  deleted.merge(page, count - onTopic.getOrDefault(page, 0), Math::max));
    }
    List<VisitedPage> all = new ArrayList<>();
    deleted.forEach((page, count) -> all.addAll(Collections.nCopies(Math.max(0, count), page)));
    return all;
  }

  private static Map<VisitedPage, Integer> counted(List<VisitedPage> pages) {
    Map<VisitedPage, Integer> counted = new HashMap<>();
    pages.forEach(page -> counted.merge(page, 1, Integer::sum));
    return counted;
  }

  private Outcome outcome(
      Findings.VisitFinding visit, Map<Findings.SessionFinding, Map<VisitedPage, Integer>> left) {
    if (evidence.isOverlap(visit)) {
      return new Outcome(Outcome.Placement.OVERLAP, List.of(), null);
    }
    if (carriedOver.merge(visit.visit(), -1, Integer::sum) >= 0) {
      return new Outcome(Outcome.Placement.CARRIED_OVER, List.of(), null);
    }
    Findings.LateFinding late = evidence.late().get(visit.position());
    List<String> in = new ArrayList<>();
    List<String> similarVisitIds = new ArrayList<>();
    Long startOfOther = null;
    for (Map.Entry<Findings.SessionFinding, Map<VisitedPage, Integer>> entry : left.entrySet()) {
      Findings.SessionFinding session = entry.getKey();
      Integer count = entry.getValue().get(visit.page());
      // Sessions that start in one millisecond share its visits.
      boolean startsTogether = Objects.equals(startOfOther, session.start());
      if (count != null && count > 0 && !startsTogether) {
        startOfOther = session.start();
        entry.getValue().put(visit.page(), count - 1);
        in.add(session.id());
      }
      if (count != null || sameEvents(visit).anyMatch(entry.getValue()::containsKey)) {
        similarVisitIds.add(session.id());
      }
    }
    Outcome.Placement placement =
        placement(visit, late != null, !in.isEmpty(), !similarVisitIds.isEmpty());
    return new Outcome(
        placement, placement == Outcome.Placement.DUPLICATE ? similarVisitIds : in, late);
  }

  /** Returns the other visits at the time of one that have its event id. */
  private Stream<VisitedPage> sameEvents(Findings.VisitFinding visit) {
    Object eventId = visit.eventId();
    return eventId == null
        ? Stream.of()
        : evidence.visits().stream()
            .filter(other -> other.time() == visit.time() && eventId.equals(other.eventId()))
            .map(Findings.VisitFinding::page);
  }

  private Outcome.Placement placement(
      Findings.VisitFinding visit, boolean isLate, boolean isIn, boolean isTwice) {
    if (isIn) {
      return Outcome.Placement.IN_SESSION;
    }
    if (isLate) {
      return Outcome.Placement.TOO_LATE;
    }
    if (evidence.rejections().containsKey(visit.position())) {
      return Outcome.Placement.DEAD;
    }
    if (isTwice) {
      return Outcome.Placement.DUPLICATE;
    }
    if (!evidence.isRead(visit.position())) {
      return Outcome.Placement.NOT_READ;
    }
    if (rules.areAllInFiles()) {
      return Outcome.Placement.MISSING;
    }
    return rules.engine() == Engine.WINDOWS && !rules.accepts(visit)
        ? Outcome.Placement.DROPPED
        : Outcome.Placement.OPEN;
  }
}
