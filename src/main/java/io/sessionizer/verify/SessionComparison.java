package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.records.ExactJson;
import io.sessionizer.records.RecordHeaders;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.verify.Difference.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Compares the sessions of one visit id that there have to be with those that there are, by their
 * starts. Those of the windows engine that are not equal are judged together with those that
 * overlap them, since it retracts none.
 *
 * <p>For example, of the visits at 0:00, 0:10 and 1:00 the second one is missing in the table: the
 * session of 0:00 is judged, and the one of 1:00 is equal.
 */
final class SessionComparison {
  private static final int MAX_NAMED_VISITS = 3;
  private static final Comparator<SessionId> BY_START = Comparator.comparing(SessionId::start);

  private final VerifyRules rules;
  private final SessionJson json;
  private final SessionJson withoutAttributes;
  private final Bounds bounds;
  private final RecordSource visits;
  private final RecordSource sessions;
  private final Verdict verdict;
  private final Places.Differences findings;

  private List<ExpectedSession> expected = new ArrayList<>();
  private List<ActualSession> found = new ArrayList<>();
  private @Nullable ExpectedSession equalBefore;
  private long chainStart;
  private long chainEnd;
  private boolean isChained;
  private boolean isChainRecent;
  private long lastVisitMillis = Long.MIN_VALUE;

  /** Of the windows engine: the differences of each session since the last gap. */
  private final List<List<Difference>> untilGap = new ArrayList<>();

  /**
   * What a verification cannot see beyond.
   *
   * @param watermark up to which a job has written its sessions, as far as is known, epoch ms
   * @param firstMillis before this time visits may have been deleted, epoch milliseconds
   * @param startedAtMillis what was written since may be about visits that were not read, epoch ms
   */
  record Bounds(long watermark, long firstMillis, long startedAtMillis) {}

  /** The next sessions of the visit id that there have to be. */
  interface Expected {
    @Nullable ExpectedSession next() throws IOException;
  }

  /** The next sessions of the visit id that there are. */
  interface Actual {
    @Nullable ActualSession next() throws IOException;
  }

  SessionComparison(
      VerifyRules rules,
      Bounds bounds,
      RecordSource visits,
      RecordSource sessions,
      Verdict verdict,
      Places.Differences findings) {
    this.rules = rules;
    this.json = new SessionJson(rules.timeZone(), rules.attributes(), rules.pseudonyms());
    this.withoutAttributes = new SessionJson(rules.timeZone());
    this.bounds = bounds;
    this.visits = visits;
    this.sessions = sessions;
    this.verdict = verdict;
    this.findings = findings;
  }

  /** Compares the sessions of one visit id. */
  void compare(Expected expectedSessions, Actual actualSessions) throws IOException {
    equalBefore = null;
    ExpectedSession e = expectedSessions.next();
    ActualSession f = actualSessions.next();
    while (e != null || f != null) {
      if (e != null && f != null && e.id().start().equals(f.start()) && isEqual(e, f)) {
        chain(e);
        right(e);
        equalBefore = e;
        e = expectedSessions.next();
        f = actualSessions.next();
        continue;
      }
      expected = new ArrayList<>();
      found = new ArrayList<>();
      long end = Long.MIN_VALUE;
      long start;
      boolean overlaps;
      do {
        if (f == null || (e != null && e.startMillis() <= f.startMillis())) {
          ExpectedSession added = Objects.requireNonNull(e, "one of them is left");
          chain(added);
          expected.add(added);
          start = added.startMillis();
          end = Math.max(end, added.endMillis());
          e = expectedSessions.next();
        } else {
          long last = Math.min(f.endMillis(), f.startMillis() + rules.maxDuration());
          chain(f.startMillis(), last);
          found.add(f);
          start = f.startMillis();
          end = Math.max(end, last);
          f = actualSessions.next();
        }
        // The windows engine has all visits up to a gap in memory itself.
        long limit = rules.dropsLateVisits() ? end : start;
        overlaps =
            (e != null && e.startMillis() <= limit) || (f != null && f.startMillis() <= limit);
      } while (overlaps);
      judge();
    }
    endChain();
  }

  private boolean isEqual(ExpectedSession e, ActualSession f) {
    return hasEndReason(e, f) && Arrays.equals(json.write(e.session()), f.value());
  }

  private static boolean hasEndReason(ExpectedSession e, ActualSession f) {
    return f.endReason() == null || f.endReason().equals(e.endReason().headerValue());
  }

  private void chain(ExpectedSession e) {
    chain(e.startMillis(), e.endMillis());
    lastVisitMillis = e.endMillis();
  }

  /** Where caps cut depends on all visits since the last gap. */
  private void chain(long start, long end) {
    if (!isChained || !rules.isWithinGap(chainEnd, start)) {
      endChain();
      chainStart = start;
      chainEnd = end;
      isChained = true;
    }
    chainEnd = Math.max(chainEnd, end);
  }

  /** The windows engine writes sessions that caps have ended only when the visit id pauses. */
  private void endChain() {
    if (lastVisitMillis + rules.gap() > bounds.watermark) {
      verdict.open += untilGap.size();
    } else {
      untilGap.forEach(ofSession -> ofSession.forEach(findings::add));
    }
    untilGap.clear();
    isChained = false;
    isChainRecent = false;
    lastVisitMillis = Long.MIN_VALUE;
  }

  private void add(List<Difference> ofSession) {
    if (rules.dropsLateVisits()) {
      untilGap.add(ofSession);
    } else {
      ofSession.forEach(findings::add);
    }
  }

  private void right(ExpectedSession e) {
    if (rules.includes(e.startMillis())) {
      verdict.right++;
    }
  }

  private void judge() {
    isChainRecent |=
        expected.stream().anyMatch(ExpectedSession::hasRecent)
            || found.stream().anyMatch(f -> f.timestampMillis() >= bounds.startedAtMillis);
    expected.removeIf(e -> !rules.includes(e.startMillis()));
    found.removeIf(f -> !rules.includes(f.startMillis()));
    if (rules.dropsLateVisits() && hasLate()) {
      judgeLate();
      return;
    }
    TreeMap<SessionId, ActualSession> left = new TreeMap<>(BY_START);
    List<ActualSession> repeated = new ArrayList<>();
    for (ActualSession f : found) {
      if (left.putIfAbsent(f.id(), f) != null) {
        repeated.add(f);
      }
    }
    for (ExpectedSession e : expected) {
      ActualSession f = left.remove(e.id());
      if (f == null) {
        if (!isUnchecked()) {
          add(List.of(missing(e)));
        }
      } else if (isEqual(e, f)) {
        right(e);
      } else if (!isUnchecked()) {
        add(List.of(wrong(e, f)));
      }
    }
    repeated.addAll(left.values());
    for (ActualSession f : repeated) {
      if (!isUnchecked()) {
        add(List.of(extra(f)));
      }
    }
  }

  /** Whether a difference may be there for a reason that is not seen, and counts it. */
  private boolean isUnchecked() {
    if (chainStart < bounds.firstMillis) {
      verdict.cutOff++;
      return true;
    }
    boolean isOpen =
        expected.stream().anyMatch(e -> e.endMillis() + rules.gap() > bounds.watermark);
    if (isOpen) {
      verdict.open++;
      return true;
    }
    if (isChainRecent) {
      verdict.recent++;
      return true;
    }
    return false;
  }

  private boolean hasLate() {
    return expected.stream().anyMatch(ExpectedSession::hasLate)
        || overlapping().stream().anyMatch(ExpectedSession::hasLate);
  }

  /** Returns the equal session before, if one of the others lies in it. */
  private List<ExpectedSession> overlapping() {
    ExpectedSession before = equalBefore;
    return before != null
            && found.stream().anyMatch(f -> f.startMillis() <= before.endMillis() + rules.gap())
        ? List.of(before)
        : List.of();
  }

  /**
   * Judges sessions whose visits are not all known to be accepted, and that are not retracted: each
   * has to equal that of the visits that it names, and every visit has to be in one of them, unless
   * it was beyond acceptance.
   */
  private void judgeLate() {
    List<ExpectedSession> all = new ArrayList<>(overlapping());
    all.addAll(expected);
    Map<VisitedPage, Integer> read = new HashMap<>();
    TreeSet<String> users = new TreeSet<>();
    for (ExpectedSession e : all) {
      for (AcceptedVisit visit : e.visits()) {
        read.merge(withoutUser(visit.page()), 1, Integer::sum);
        if (visit.page().userId() != null) {
          users.add(visit.page().userId());
        }
      }
    }
    Map<VisitedPage, Integer> in = new HashMap<>();
    overlapping().forEach(e -> counted(e.session()).forEach((p, n) -> in.merge(p, n, Math::max)));
    List<Map<VisitedPage, Integer>> contents = new ArrayList<>();
    for (ActualSession f : found) {
      Session session = f.session();
      if (session == null || !isConsistent(f, session, read, users)) {
        if (!isUnchecked()) {
          add(List.of(extra(f)));
        }
        continue;
      }
      Map<VisitedPage, Integer> pages = counted(session);
      pages.forEach((page, count) -> in.merge(page, count, Math::max));
      contents.add(pages);
    }
    overlapping().forEach(e -> contents.add(counted(e.session())));
    for (int i = 0; i < contents.size() - overlapping().size(); i++) {
      if (isInAnother(i, contents)) {
        verdict.replaced++;
      } else {
        verdict.right++;
      }
    }
    for (ExpectedSession e : expected) {
      List<AcceptedVisit> lost = new ArrayList<>();
      for (AcceptedVisit visit : e.visits()) {
        boolean isIn = in.merge(withoutUser(visit.page()), -1, Integer::sum) >= 0;
        if (!isIn && visit.isTooLate()) {
          verdict.droppedOrLost++;
        } else if (!isIn) {
          lost.add(visit);
        }
      }
      if (!lost.isEmpty() && !isUnchecked()) {
        add(lost.stream().map(visit -> lost(e, visit)).toList());
      }
    }
  }

  private Difference lost(ExpectedSession e, AcceptedVisit visit) {
    return new Difference(
        Kind.LOST_VISIT,
        describe(visit),
        e.session().visitId(),
        "the visit of %s at %s is in no session"
            .formatted(e.session().visitId(), Instant.ofEpochMilli(visit.timeMillis())));
  }

  /** Whether a session is the JSON of visits that there are. */
  private boolean isConsistent(
      ActualSession f, Session session, Map<VisitedPage, Integer> read, Set<String> users) {
    String user = session.userId();
    boolean hasVisits =
        counted(session).entrySet().stream()
            .allMatch(page -> page.getValue() <= read.getOrDefault(page.getKey(), 0));
    boolean hasGap = false;
    for (int i = 1; i < session.pages().size(); i++) {
      hasGap |=
          !rules.isWithinGap(
              session.pages().get(i - 1).eventTimeMillis(),
              session.pages().get(i).eventTimeMillis());
    }
    return hasVisits
        && !hasGap
        && (user == null || users.contains(user))
        && session.id().equals(f.id())
        && isWrittenFrom(session, f.value());
  }

  /**
   * Attributes are not compared: which visits with the same page it has is not known. Nor is the
   * order of visits of one millisecond, if a number orders them.
   */
  private boolean isWrittenFrom(Session session, byte[] value) {
    byte[] written = withoutAttributes.write(session);
    int end = SessionJson.attributesFrom(value);
    if (rules.inputFormat().hasSequence()) {
      return written.length - 1 == end && value[value.length - 1] == '}';
    }
    return Arrays.equals(written, 0, written.length - 1, value, 0, end)
        && value[value.length - 1] == '}';
  }

  private static boolean isInAnother(int at, List<Map<VisitedPage, Integer>> contents) {
    Map<VisitedPage, Integer> pages = contents.get(at);
    for (int i = 0; i < contents.size(); i++) {
      Map<VisitedPage, Integer> other = contents.get(i);
      boolean isContained =
          i != at
              && pages.entrySet().stream()
                  .allMatch(page -> page.getValue() <= other.getOrDefault(page.getKey(), 0));
      if (isContained) {
        return true;
      }
    }
    return false;
  }

  private Difference missing(ExpectedSession e) {
    return new Difference(
        Kind.MISSING_SESSION,
        describe(e.visits().get(0)),
        e.session().visitId(),
        "there is no session %s, which this visit starts; it has %s, %s to %s"
            .formatted(
                e.id(),
                Verdict.count(e.visits().size(), "visit"),
                Instant.ofEpochMilli(e.startMillis()),
                Instant.ofEpochMilli(e.endMillis())));
  }

  private Difference extra(ActualSession f) {
    return new Difference(
        Kind.EXTRA_SESSION,
        describe(f),
        new String(f.visitId(), UTF_8),
        "%s is a session that the visits do not have".formatted(f.id()));
  }

  private Difference wrong(ExpectedSession e, ActualSession f) {
    List<String> problems = new ArrayList<>();
    if (!hasEndReason(e, f)) {
      problems.add(
          "%s is %s and has to be %s"
              .formatted(RecordHeaders.END_REASON, f.endReason(), e.endReason().headerValue()));
    }
    if (!Arrays.equals(json.write(e.session()), f.value())) {
      addProblems(e, f, problems);
    }
    return new Difference(
        Kind.WRONG_SESSION,
        describe(f),
        e.session().visitId(),
        "%s: %s".formatted(f.id(), String.join("; ", problems)));
  }

  private void addProblems(ExpectedSession e, ActualSession f, List<String> problems) {
    Session session = f.session();
    JsonNode is;
    JsonNode hasToBe;
    try {
      is = ExactJson.tree(f.value());
      hasToBe = ExactJson.tree(json.write(e.session()));
    } catch (IOException notJson) {
      problems.add("its value is not JSON");
      return;
    }
    TreeSet<String> names = new TreeSet<>();
    is.fieldNames().forEachRemaining(names::add);
    hasToBe.fieldNames().forEachRemaining(names::add);
    int before = problems.size();
    for (String name : names) {
      JsonNode attributes = is.path(name);
      if (name.equals(SessionJson.ATTRIBUTES) && attributes.isObject() && hasToBe.has(name)) {
        addAttributes(attributes, hasToBe.get(name), problems);
      } else if (!Objects.equals(is.get(name), hasToBe.get(name))) {
        problems.add(
            hasToBe.path(name).isContainerNode()
                ? name + " differ"
                : problem(name, is.get(name), hasToBe.get(name)));
      }
    }
    if (problems.size() == before) {
      problems.add("its JSON is not written as a job writes it");
    }
    if (session != null) {
      addVisits(e, session, problems);
    }
  }

  private static void addAttributes(JsonNode is, JsonNode hasToBe, List<String> problems) {
    TreeSet<String> names = new TreeSet<>();
    is.fieldNames().forEachRemaining(names::add);
    hasToBe.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      if (!Objects.equals(is.get(name), hasToBe.get(name))) {
        problems.add(problem("attribute " + name, is.get(name), hasToBe.get(name)));
      }
    }
  }

  private static String problem(String name, @Nullable JsonNode is, @Nullable JsonNode hasToBe) {
    return "%s is %s and has to be %s".formatted(name, is, hasToBe);
  }

  /** Adds which visits the session lacks, and which it has in excess. */
  private void addVisits(ExpectedSession e, Session session, List<String> problems) {
    Map<VisitedPage, Integer> left = counted(session);
    List<String> lacking = new ArrayList<>();
    for (AcceptedVisit visit : e.visits()) {
      if (left.merge(withoutUser(visit.page()), -1, Integer::sum) < 0) {
        lacking.add(describe(visit));
      }
    }
    List<String> excess = new ArrayList<>();
    left.forEach(
        (page, count) ->
            excess.addAll(
                Collections.nCopies(
                    Math.max(0, count),
                    "%s at %s"
                        .formatted(page.page(), Instant.ofEpochMilli(page.eventTimeMillis())))));
    addVisits("lacks", lacking, problems);
    addVisits("has in excess", excess, problems);
  }

  private static void addVisits(String verb, List<String> visits, List<String> problems) {
    if (!visits.isEmpty()) {
      problems.add(
          "it %s %s: %s%s"
              .formatted(
                  verb,
                  Verdict.count(visits.size(), "visit"),
                  String.join(", ", visits.subList(0, Math.min(MAX_NAMED_VISITS, visits.size()))),
                  visits.size() > MAX_NAMED_VISITS ? ", ..." : ""));
    }
  }

  private static Map<VisitedPage, Integer> counted(Session session) {
    Map<VisitedPage, Integer> counted = new TreeMap<>();
    session.pages().forEach(page -> counted.merge(withoutUser(page), 1, Integer::sum));
    return counted;
  }

  /** The JSON of a session says of a visit its time and its page. */
  private static VisitedPage withoutUser(VisitedPage page) {
    return new VisitedPage(page.eventTimeMillis(), page.page(), null);
  }

  private String describe(AcceptedVisit visit) {
    return visits.describe(visits.position(visit.part(), visit.offset()));
  }

  private String describe(ActualSession f) {
    return sessions.describe(sessions.position(f.part(), f.offset()));
  }
}
