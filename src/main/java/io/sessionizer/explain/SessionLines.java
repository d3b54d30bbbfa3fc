package io.sessionizer.explain;

import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells what was written about sessions, record by record, and what each changed. */
final class SessionLines {
  private final RoutingRules rules;
  private final List<Line> lines = new ArrayList<>();

  private SessionLines(RoutingRules rules) {
    this.rules = rules;
  }

  /** Returns the lines about {@code records}, which are in the order in which they were written. */
  static List<Line> of(List<Findings.SessionFinding> records, RoutingRules rules) {
    SessionLines all = new SessionLines(rules);
    all.tell(records);
    return all.lines;
  }

  private void tell(List<Findings.SessionFinding> records) {
    Map<String, Findings.SessionFinding> previous = new HashMap<>();
    Map<List<String>, SourcePosition> written = new HashMap<>();
    for (Findings.SessionFinding record : records) {
      say(
          record.timing().equals("late") || record.isTombstone() ? LineStyle.LATE : LineStyle.PLAIN,
          "  %s  %s, revision %s%s"
              .formatted(
                  record.place(),
                  record.id(),
                  record.revision(),
                  record.isTombstone() ? ": deleted" : ", " + record.timing()));
      SourcePosition first =
          written.putIfAbsent(
              List.of(record.id(), record.revision(), String.valueOf(record.pages())),
              record.place());
      if (first != null) {
        say(
            LineStyle.ASIDE,
            "    the same as " + first + ": a job that goes on after a failure repeats");
      } else if (record.isTombstone()) {
        say(LineStyle.ASIDE, "    its visits are in " + record.supersededBy());
      } else {
        contents(record, previous.get(record.id()));
      }
      previous.put(record.id(), record);
    }
  }

  private void contents(Findings.SessionFinding record, Findings.SessionFinding before) {
    say(
        LineStyle.ASIDE,
        "    %s to %s, %s, %s"
            .formatted(
                rules.time(record.start()),
                rules.time(record.end()),
                DisplayFormat.count(record.pages().size(), "visit", "visits"),
                DisplayFormat.duration(record.end() - record.start())));
    if (record.endReason().equals("inactivity")) {
      say(
          LineStyle.ASIDE,
          "    ended by inactivity: due when the watermark reaches %s, the gap behind its last visit"
              .formatted(rules.time(rules.policy().closesAt(record.end()))));
    } else {
      say(LineStyle.ASIDE, "    ended by " + record.endReason());
    }
    if (before != null && !before.isTombstone()) {
      change("new", without(record.pages(), before.pages()));
      change("no more", without(before.pages(), record.pages()));
    }
  }

  private void change(String what, List<VisitedPage> pages) {
    for (VisitedPage page : pages) {
      say(
          LineStyle.LATE,
          "    %s: %s %s"
              .formatted(what, rules.time(page.eventTimeMillis()), DisplayFormat.page(page)));
    }
  }

  private static List<VisitedPage> without(List<VisitedPage> pages, List<VisitedPage> others) {
    List<VisitedPage> left = new ArrayList<>(pages);
    others.forEach(left::remove);
    return left;
  }

  private void say(LineStyle tone, String text) {
    lines.add(new Line(tone, text));
  }
}
