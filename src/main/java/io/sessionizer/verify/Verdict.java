package io.sessionizer.verify;

import io.sessionizer.config.CountedNoun;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a verification has counted, and the hash of the final table. */
public final class Verdict {
  long records;
  long accepted;
  long lateVisits;
  long deadLetters;
  long filtered;
  long excluded;
  long overlap;
  long carriedOver;
  long duplicates;
  long droppedOrLost;
  long recentRecords;
  long sourcesDeleted;
  long sourcesElsewhere;
  long tableSize;
  long right;
  long replaced;
  long open;
  long cutOff;
  long recent;
  long differences;
  String hash = "";

  /** Returns how many differences there are. */
  public long differences() {
    return differences;
  }

  /** Returns how many sessions are as their visits say. */
  public long right() {
    return right;
  }

  /** Returns how many sessions were not checked. */
  public long unchecked() {
    return open + cutOff + recent;
  }

  /** Returns how many visits were dropped as too late, or lost. */
  public long droppedOrLost() {
    return droppedOrLost;
  }

  /** Returns the SHA-256 of the final table, in hexadecimal digits. */
  public String hash() {
    return hash;
  }

  /**
   * Returns the summary, in ten lines.
   *
   * @param startedAt when the ends of the sources were found
   */
  public List<String> summary(VerifyRules rules, Verification.Sources sources, Instant startedAt) {
    RecordSource late = sources.lateVisits();
    RecordSource dead = sources.deadLetters();
    return List.of(
        "verified   %s and %s, up to their ends at %s%s"
            .formatted(
                sources.input().name(),
                sources.sessions().name(),
                startedAt.truncatedTo(ChronoUnit.SECONDS),
                starts(rules)),
        "settings   gap %s, at most %s, %s pages and %s, duplicates %s, time zone %s%s"
            .formatted(
                Duration.ofMillis(rules.gap()),
                Duration.ofMillis(rules.maxDuration()),
                count(rules.maxPages()),
                count(rules.maxBytes(), "byte"),
                rules.deduplicate() ? "dropped" : "kept",
                rules.timeZone(),
                ends(rules)),
        "records    %s: %s accepted, %s in %s, %s in %s%s"
            .formatted(
                count(records, "record"),
                count(accepted),
                count(lateVisits),
                late == null ? "late visits" : late.name(),
                count(deadLetters),
                dead == null ? "dead letters" : dead.name(),
                (filtered == 0 ? "" : ", " + count(filtered) + " filtered")
                    + (excluded == 0 ? "" : ", " + count(excluded) + " excluded")
                    + (overlap == 0 ? "" : ", " + count(overlap) + " skipped at the seam")),
        "accepted   %s left out; %s dropped as too late, or lost%s"
            .formatted(
                count(duplicates, "duplicate"),
                count(droppedOrLost, "visit"),
                rules.seam() == null || !rules.seam().isEnd()
                    ? ""
                    : "; %s carried over".formatted(count(carriedOver, "visit"))),
        "unmatched  %s of deleted records, and %s of other topics: not checked"
            .formatted(
                count(sourcesDeleted, "late visit or dead letter", "late visits or dead letters"),
                count(sourcesElsewhere)),
        "sessions   %s in the final table: %s right, %s replaced but not retracted"
            .formatted(count(tableSize), count(right), count(replaced)),
        "unchecked  %s: %s may be open, %s may start before the first record, %s too recent"
            .formatted(count(unchecked(), "session"), count(open), count(cutOff), count(recent)),
        "too recent %s not in %s yet"
            .formatted(
                count(recentRecords, "rejected record"),
                dead == null ? "dead letters" : dead.name()),
        "SHA-256    " + hash,
        "result     " + result());
  }

  private String result() {
    if (differences > 0) {
      return count(differences, "difference");
    }
    if (records == 0 && tableSize == 0) {
      return "there are no records, so nothing is verified";
    }
    List<String> unverified = new ArrayList<>();
    add(unchecked(), "session", unverified);
    add(recentRecords, "rejected record", unverified);
    add(droppedOrLost, "visit", unverified);
    return unverified.isEmpty()
        ? "every visit is in exactly one place, and every session is right"
        : "no differences; not verified: " + String.join(", ", unverified);
  }

  private static void add(long count, String noun, List<String> counts) {
    if (count > 0) {
      counts.add(count(count, noun));
    }
  }

  /** The rules that end a session, if there are any. */
  private static String ends(VerifyRules rules) {
    return (rules.splitOn().isEmpty() ? "" : ", split on " + String.join(" and ", rules.splitOn()))
        + (rules.endOn().isEmpty() ? "" : ", end on " + joined(rules.endOn()))
        + (rules.splitAtMidnight() ? ", split at midnight" : "");
  }

  private static String joined(List<VerifyRules.EndValue> ends) {
    return ends.stream().map(VerifyRules.EndValue::toString).collect(Collectors.joining(" and "));
  }

  /** The seam, and which sessions were chosen by their starts. */
  private static String starts(VerifyRules rules) {
    Long since = rules.sinceMillis();
    Long until = rules.untilMillis();
    String from = since == null ? "" : " from " + Instant.ofEpochMilli(since);
    String before = until == null ? "" : " before " + Instant.ofEpochMilli(until);
    SeamRule seam = rules.seam();
    return (seam == null ? "" : ", seam " + Instant.ofEpochMilli(seam.millis()))
        + (since == null && until == null ? "" : ", sessions that start" + from + before);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String count(long count, String noun) {
    return CountedNoun.of(count, noun);
  }

  private static String count(long count, String one, String several) {
    return count(count) + " " + (count == 1 ? one : several);
  }
}
