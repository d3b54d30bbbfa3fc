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

/** Explains the records about sessions, one by one, and what each changed. */
final class SessionLines {
  private final Evidence evidence;
  private final RoutingRules rules;
  private final List<Line> lines = new ArrayList<>();

  private SessionLines(Evidence evidence, RoutingRules rules) {
    this.evidence = evidence;
    this.rules = rules;
  }

  /** Returns the lines about the sessions, in the order in which these were written. */
  static List<Line> of(Evidence evidence, RoutingRules rules) {
    SessionLines all = new SessionLines(evidence, rules);
    all.addAll(evidence.sessions());
    return all.lines;
  }

  private void addAll(List<Findings.SessionFinding> findings) {
    Map<String, Findings.SessionFinding> previous = new HashMap<>();
    Map<List<Object>, SourcePosition> written = new HashMap<>();
    for (Findings.SessionFinding finding : findings) {
      heading(finding);
      SourcePosition first =
          written.putIfAbsent(
              List.of(finding.id(), finding.record().revision(), finding.pages()),
              finding.position());
      if (first != null) {
        add(
            LineStyle.ASIDE,
            finding.position().isInFile()
                ? "    the same as " + evidence.place(first) + ": no job writes a session twice"
                : "    the same as " + first + ": a job that resumes after a failure repeats");
      } else if (finding.record() instanceof Tombstone tombstone) {
        add(
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
    if (finding.position().isInFile()) {
      add(LineStyle.PLAIN, "  %s  %s".formatted(evidence.place(finding.position()), finding.id()));
      return;
    }
    boolean isOnTime =
        finding.record() instanceof Upsert upsert && upsert.timing() == Timing.ON_TIME;
    add(
        isOnTime ? LineStyle.PLAIN : LineStyle.LATE,
        "  %s  %s, revision %s%s"
            .formatted(
                finding.position(),
                finding.id(),
                finding.record().revision(),
                finding.record() instanceof Upsert upsert
                    ? ", " + upsert.timing().headerValue()
                    : ": deleted"));
  }

  private void contents(Findings.SessionFinding finding, EndReason endReason) {
    add(
        LineStyle.ASIDE,
        "    %s to %s, %s, %s"
            .formatted(
                rules.time(finding.start()),
                rules.time(finding.end()),
                DisplayFormat.count(finding.pages().size(), "visit", "visits"),
                DisplayFormat.duration(finding.end() - finding.start())));
    if (finding.position().isInFile() && endReason.equals(EndReason.INACTIVITY)) {
      add(LineStyle.ASIDE, "    ended by inactivity: the gap follows its last visit");
    } else if (endReason.equals(EndReason.INACTIVITY)) {
      add(
          LineStyle.ASIDE,
          "    ended by inactivity: emitted once the watermark reaches %s, the gap after its last visit"
              .formatted(rules.time(rules.policy().closesAt(finding.end()))));
    } else {
      add(LineStyle.ASIDE, "    ended by " + endReason.headerValue());
    }
    if (finding.attributes() != null) {
      add(LineStyle.ASIDE, "    attributes " + DisplayFormat.shortened(finding.attributes()));
    }
  }

  private void changes(Findings.SessionFinding finding, Findings.@Nullable SessionFinding before) {
    if (before != null && !before.isTombstone()) {
      change("new", without(finding.pages(), before.pages()));
      change("removed", without(before.pages(), finding.pages()));
    }
  }

  private void change(String what, List<VisitedPage> pages) {
    for (VisitedPage page : pages) {
      add(
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

  private void add(LineStyle style, String text) {
    lines.add(new Line(style, text));
  }
}
