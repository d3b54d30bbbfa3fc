package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitFormat;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Cuts the visits of one visit id into sessions, one after the other: in memory are the visits of
 * one session and those of one millisecond.
 *
 * <p>A session ends before the visit that it is too long ago for, or with which it would last too
 * long, or be too large; before a visit on another date or with another value, and behind one with
 * a value that ends it, if there are such rules. Visits of one millisecond stay together, unless
 * they are too large for one session.
 */
final class SessionCutter {
  /** What a record has at most beside its texts and visits: the rule of {@code max_bytes}. */
  private static final int FRAME_BYTES = 512;

  private final VerifyRules rules;
  private final String visitId;
  private final long room;
  private final Deque<ExpectedSession> cut = new ArrayDeque<>();
  private final List<AcceptedVisit> together = new ArrayList<>();

  /** The last session, and those before it that start in its millisecond. */
  private final List<ExpectedSession> startTogether = new ArrayList<>();

  private List<AcceptedVisit> current = new ArrayList<>();
  private final Map<String, Object> lastValues = new HashMap<>();
  private long currentBytes;
  private int currentUserBytes;
  private int ordinal;
  private long duplicates;

  SessionCutter(VerifyRules rules, byte[] visitId) {
    this.rules = rules;
    this.visitId = new String(visitId, UTF_8);
    this.room =
        (long) rules.maxBytes()
            - FRAME_BYTES
            - longestReason(rules)
            - jsonBytes(this.visitId)
            - utf8Bytes(this.visitId);
  }

  /**
   * The reason has the field, and the value that ended the session; a character has 3 bytes at
   * most.
   */
  private static long longestReason(VerifyRules rules) {
    LongStream changed = rules.splitOn().stream().mapToLong(SessionCutter::characters);
    LongStream ended =
        rules.endOn().stream().mapToLong(end -> characters(end.field()) + end.value().length());
    return 3 * LongStream.concat(changed, ended).max().orElse(0);
  }

  /** There is room for the names of the fields that every visit may have. */
  private static long characters(String field) {
    return field.equals(VisitFormat.USER_ID) || field.equals(VisitFormat.PAGE) ? 0 : field.length();
  }

  /** Adds a visit that is not earlier than those before. */
  void add(AcceptedVisit visit) {
    if (!together.isEmpty() && together.get(0).timeMillis() != visit.timeMillis()) {
      addTogether();
    }
    together.add(visit);
  }

  /** Cuts the last session, after the last visit. */
  void finish() {
    addTogether();
    if (!current.isEmpty()) {
      end(EndReason.INACTIVITY, Long.MAX_VALUE);
    }
  }

  /** Returns the next session that is cut; null if there is none yet. */
  @Nullable ExpectedSession poll() {
    return cut.poll();
  }

  /** Returns how many visits were left out as duplicates. */
  long duplicates() {
    return duplicates;
  }

  private void addTogether() {
    if (together.isEmpty()) {
      return;
    }
    together.sort(Comparator.comparing(AcceptedVisit::page));
    List<AcceptedVisit> visits = rules.deduplicate() ? withoutDuplicates() : together;
    long time = visits.get(0).timeMillis();
    long bytes = visits.stream().mapToLong(SessionCutter::visitBytes).sum();
    int userBytes = visits.stream().mapToInt(SessionCutter::userBytes).max().orElse(0);
    EndReason before = current.isEmpty() ? null : endBefore(visits, bytes, userBytes);
    if (before != null) {
      end(before, time);
    }
    boolean fits = fits(bytes, userBytes);
    for (AcceptedVisit visit : visits) {
      if (!fits && !current.isEmpty() && !fits(visitBytes(visit), userBytes(visit))) {
        end(EndReason.MAX_BYTES, time);
      }
      current.add(visit);
      for (String field : rules.splitOn()) {
        Object value = value(visit, field);
        if (value != null) {
          lastValues.put(field, value);
        }
      }
      currentBytes += visitBytes(visit);
      currentUserBytes = Math.max(currentUserBytes, userBytes(visit));
    }
    together.clear();
  }

  /**
   * Of the visits with one event id, or without one and of one page, the first one with a user is
   * kept, else the first.
   */
  private List<AcceptedVisit> withoutDuplicates() {
    Map<Object, AcceptedVisit> kept = new HashMap<>();
    for (AcceptedVisit visit : together) {
      Object eventId = visit.page().fields().value(ProjectedFields.EVENT_ID);
      Object key = eventId == null ? Optional.ofNullable(visit.page().page()) : List.of(eventId);
      AcceptedVisit before = kept.get(key);
      if (before == null || (before.page().userId() == null && visit.page().userId() != null)) {
        kept.put(key, visit);
      }
    }
    duplicates += together.size() - kept.size();
    return kept.values().stream().sorted(Comparator.comparing(AcceptedVisit::page)).toList();
  }

  private @Nullable EndReason endBefore(List<AcceptedVisit> next, long bytes, int userBytes) {
    long time = next.get(0).timeMillis();
    EndReason complete = complete();
    if (complete != null) {
      return complete;
    }
    if (!rules.isWithinGap(current.get(current.size() - 1).timeMillis(), time)) {
      return EndReason.INACTIVITY;
    }
    if (!fits(bytes, userBytes)) {
      return EndReason.MAX_BYTES;
    }
    if (time - current.get(0).timeMillis() > rules.maxDuration()) {
      return EndReason.MAX_DURATION;
    }
    if (rules.splitAtMidnight() && !date(time).equals(date(current.get(0).timeMillis()))) {
      return EndReason.MIDNIGHT;
    }
    for (String field : rules.splitOn()) {
      Object last = lastValues.get(field);
      for (AcceptedVisit visit : next) {
        Object value = value(visit, field);
        if (last != null && value != null && !value.equals(last)) {
          return EndReason.changed(field);
        }
      }
    }
    return null;
  }

  /** Why the session ends that has these visits, whether or not others follow; else null. */
  private @Nullable EndReason complete() {
    long last = current.get(current.size() - 1).timeMillis();
    for (VerifyRules.EndValue end : rules.endOn()) {
      for (int i = current.size() - 1; i >= 0 && current.get(i).timeMillis() == last; i--) {
        if (end.value().equals(text(value(current.get(i), end.field())))) {
          return EndReason.ended(end.field(), end.value());
        }
      }
    }
    return current.size() >= rules.maxPages() ? EndReason.MAX_PAGES : null;
  }

  /** Returns a text, a number, true, false, or null. */
  private static @Nullable Object value(AcceptedVisit visit, String field) {
    return switch (field) {
      case VisitFormat.USER_ID -> visit.page().userId();
      case VisitFormat.PAGE -> visit.page().page();
      default -> {
        Object value = visit.page().fields().value(ProjectedFields.id(field));
        boolean isTooLong =
            value instanceof String text && text.length() > VisitFormat.MAX_PROJECTED_CHARACTERS;
        yield isTooLong ? null : value;
      }
    };
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof BigDecimal number
        ? ProjectedFields.plain(number)
        : value == null ? null : value.toString();
  }

  private LocalDate date(long millis) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(millis), rules.timeZone());
  }

  private boolean fits(long bytes, int userBytes) {
    return currentBytes + bytes + Math.max(currentUserBytes, userBytes) <= room;
  }

  private void end(EndReason why, long nextMillis) {
    EndReason complete = complete();
    EndReason reason = complete == null ? why : complete;
    List<AcceptedVisit> visits = current;
    Session session =
        new Session(visitId, visits.stream().map(AcceptedVisit::page).toList(), ordinal);
    startTogether.add(new ExpectedSession(session, reason, visits, false));
    if (nextMillis == session.startMillis()) {
      ordinal++;
    } else {
      // Without those before it that start together with it, an open one has another ordinal.
      boolean isOpen =
          nextMillis == Long.MAX_VALUE
              && complete == null
              && rules.isOpenAtSeam(session.endMillis());
      startTogether.forEach(one -> cut.add(isOpen ? one.open() : one));
      startTogether.clear();
      ordinal = 0;
    }
    current = new ArrayList<>();
    lastValues.clear();
    currentBytes = 0;
    currentUserBytes = 0;
  }

  private static int visitBytes(AcceptedVisit visit) {
    return SessionJson.BYTES_AROUND_VISIT
        + jsonBytes(visit.page().page())
        + digits(visit.timeMillis());
  }

  private static int userBytes(AcceptedVisit visit) {
    return jsonBytes(visit.page().userId());
  }

  private static int digits(long number) {
    int digits = number < 0 ? 2 : 1;
    for (long left = number / 10; left != 0; left /= 10) {
      digits++;
    }
    return digits;
  }

  private static int jsonBytes(@Nullable String text) {
    int bytes = 0;
    for (int i = 0; text != null && i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : utf8Bytes(c);
    }
    return bytes;
  }

  private static int utf8Bytes(String text) {
    return text.chars().map(c -> utf8Bytes((char) c)).sum();
  }

  /** Each half of a surrogate pair counts as 3. */
  private static int utf8Bytes(char c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
  }
}
