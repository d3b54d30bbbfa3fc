package io.sessionizer.explain;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

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

  private void tell(List<Findings.SessionFinding> findings) {
    Map<String, Findings.SessionFinding> previous = new HashMap<>();
    Map<List<Object>, SourcePosition> written = new HashMap<>();
    for (Findings.SessionFinding finding : findings) {
      heading(finding);
      SourcePosition first =
          written.putIfAbsent(
              List.of(finding.id(), finding.record().revision(), finding.pages()), finding.place());
      if (first != null) {
        say(
            LineStyle.ASIDE,
            "    the same as " + first + ": a job that goes on after a failure repeats");
      } else if (finding.record() instanceof Tombstone tombstone) {
        say(
            LineStyle.ASIDE,
            tombstone.supersededBy() == null
                ? "    no job wrote this record"
                : "    its visits are in " + tombstone.supersededBy());
      } else if (finding.record() instanceof Upsert upsert) {
        contents(finding, upsert.endReason());
        changes(finding, previous.get(finding.id()));
      }
      previous.put(finding.id(), finding);
    }
  }

  private void heading(Findings.SessionFinding finding) {
    boolean isOnTime =
        finding.record() instanceof Upsert upsert && upsert.timing() == Timing.ON_TIME;
    say(
        isOnTime ? LineStyle.PLAIN : LineStyle.LATE,
        "  %s  %s, revision %s%s"
            .formatted(
                finding.place(),
                finding.id(),
                finding.record().revision(),
                finding.record() instanceof Upsert upsert
                    ? ", " + upsert.timing().headerValue()
                    : ": deleted"));
  }

  private void contents(Findings.SessionFinding finding, EndReason endReason) {
    say(
        LineStyle.ASIDE,
        "    %s to %s, %s, %s"
            .formatted(
                rules.time(finding.start()),
                rules.time(finding.end()),
                DisplayFormat.count(finding.pages().size(), "visit", "visits"),
                DisplayFormat.duration(finding.end() - finding.start())));
    if (endReason == EndReason.INACTIVITY) {
      say(
          LineStyle.ASIDE,
          "    ended by inactivity: due when the watermark reaches %s, the gap behind its last visit"
              .formatted(rules.time(rules.policy().closesAt(finding.end()))));
    } else {
      say(LineStyle.ASIDE, "    ended by " + endReason.headerValue());
    }
  }

  private void changes(Findings.SessionFinding finding, Findings.@Nullable SessionFinding before) {
    if (before != null && !before.isTombstone()) {
      change("new", without(finding.pages(), before.pages()));
      change("no more", without(before.pages(), finding.pages()));
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
