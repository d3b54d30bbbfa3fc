package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.verify.Difference.Kind;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The visits of sessions that are open at the seam, of which each has to be carried over once, and
 * no other visit. In memory are those of one visit id.
 */
final class CarriedOver implements AutoCloseable {
  private final VerifyRules rules;
  private final RecordSource visits;
  private final @Nullable RecordSource carried;
  private final Verdict verdict;
  private final Places.Differences findings;
  private final DiskSort.Entries entries;
  private final List<AcceptedVisit> expected = new ArrayList<>();
  private @Nullable AcceptedVisit head;

  /**
   * Creates a comparison.
   *
   * @param carried where the visits are that were carried over; null if none could be
   * @param entries these visits, by visit id and time
   */
  CarriedOver(
      VerifyRules rules,
      RecordSource visits,
      @Nullable RecordSource carried,
      DiskSort.Entries entries,
      Verdict verdict,
      Places.Differences findings)
      throws IOException {
    this.rules = rules;
    this.visits = visits;
    this.carried = carried;
    this.entries = entries;
    this.verdict = verdict;
    this.findings = findings;
    advance();
  }

  private void advance() throws IOException {
    byte[] entry = entries.next();
    head = entry == null ? null : AcceptedVisit.read(entry, head);
  }

  /** Returns the visit id of the next visit that was carried over; null behind the last. */
  byte @Nullable [] visitId() {
    return head == null ? null : head.visitId();
  }

  /** Adds a session whose visits have to be carried over. */
  void add(ExpectedSession open) {
    expected.addAll(open.visits());
  }

  /** Compares those of a visit id, whose sessions were all added. */
  void compare(byte[] visitId) throws IOException {
    List<AcceptedVisit> found = new ArrayList<>();
    while (head != null && Arrays.equals(head.visitId(), visitId)) {
      found.add(head);
      advance();
    }
    if (includes(found)) {
      expected.sort(Comparator.comparing(AcceptedVisit::page));
      found.sort(Comparator.comparing(AcceptedVisit::page));
      String name = new String(visitId, UTF_8);
      int at = 0;
      for (AcceptedVisit visit : expected) {
        while (at < found.size() && found.get(at).page().compareTo(visit.page()) < 0) {
          extra(name, found.get(at++));
        }
        if (at < found.size() && found.get(at).page().compareTo(visit.page()) == 0) {
          verdict.carriedOver++;
          at++;
        } else {
          missing(name, visit);
        }
      }
      found.subList(at, found.size()).forEach(visit -> extra(name, visit));
    }
    expected.clear();
  }

  /** Whether the session is verified that the visits are of. */
  private boolean includes(List<AcceptedVisit> found) {
    long start = Long.MAX_VALUE;
    for (AcceptedVisit visit : expected) {
      start = Math.min(start, visit.timeMillis());
    }
    for (AcceptedVisit visit : found) {
      start = Math.min(start, visit.timeMillis());
    }
    return rules.includes(start);
  }

  private void missing(String visitId, AcceptedVisit visit) {
    findings.add(
        new Difference(
            Kind.MISSING_OPEN_VISIT,
            visits.describe(visits.position(visit.part(), visit.offset())),
            visitId,
            "the visit of %s at %s is of a session that is open at the seam, and is not carried over"
                .formatted(visitId, Instant.ofEpochMilli(visit.timeMillis()))));
  }

  private void extra(String visitId, AcceptedVisit visit) {
    findings.add(
        new Difference(
            Kind.EXTRA_OPEN_VISIT,
            carried == null ? "" : carried.describe(carried.position(visit.part(), visit.offset())),
            visitId,
            "the visit of %s at %s is carried over, and is not of a session that is open at the seam"
                .formatted(visitId, Instant.ofEpochMilli(visit.timeMillis()))));
  }

  @Override
  public void close() throws IOException {
    entries.close();
  }
}
