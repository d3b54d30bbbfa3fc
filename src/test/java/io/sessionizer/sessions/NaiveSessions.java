package io.sessionizer.sessions;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The sessions of one visit id by the words of the contract: sort, cut where the gap is, cut again
 * where the bounds are, and where the rules say so. What everything else is compared with.
 */
final class NaiveSessions {
  private final String visitId;
  private final SessionPolicy policy;
  private final List<Upsert> sessions = new ArrayList<>();

  private NaiveSessions(String visitId, SessionPolicy policy) {
    this.visitId = visitId;
    this.policy = policy;
  }

  /** Returns each session and why it ends, as text, in the order of the texts. */
  static List<String> of(String visitId, Collection<VisitedPage> visits, SessionPolicy policy) {
    return upserts(visitId, visits, policy).stream()
        .map(upsert -> upsert.session() + " " + upsert.endReason())
        .sorted()
        .toList();
  }

  /** Returns the first record of each session. */
  static List<Upsert> upserts(
      String visitId, Collection<VisitedPage> visits, SessionPolicy policy) {
    NaiveSessions naive = new NaiveSessions(visitId, policy);
    List<VisitedPage> sorted = new ArrayList<>(visits);
    sorted.sort(Comparator.naturalOrder());
    naive.cut(policy.deduplicate() ? withoutDuplicates(sorted) : sorted);
    return naive.sessions;
  }

  private static List<VisitedPage> withoutDuplicates(List<VisitedPage> sorted) {
    Map<String, VisitedPage> first = new HashMap<>();
    for (VisitedPage visit : sorted) {
      Object eventId = visit.fields().value(ProjectedFields.EVENT_ID);
      String same =
          visit.eventTimeMillis() + (eventId == null ? " " + visit.page() : " id " + eventId);
      VisitedPage known = first.get(same);
      if (known == null || (known.userId() == null && visit.userId() != null)) {
        first.put(same, visit);
      }
    }
    return first.values().stream().sorted().toList();
  }

  private void cut(List<VisitedPage> visits) {
    SortedMap<Long, List<VisitedPage>> instants = new TreeMap<>();
    visits.forEach(
        visit ->
            instants.computeIfAbsent(visit.eventTimeMillis(), t -> new ArrayList<>()).add(visit));
    List<VisitedPage> session = new ArrayList<>();
    int ordinal = 0;
    for (var instant : instants.entrySet()) {
      EndReason reason =
          session.isEmpty() ? null : endReason(session, instant.getKey(), instant.getValue());
      if (reason != null) {
        add(session, ordinal, reason);
        session.clear();
        ordinal = 0;
      }
      boolean staysTogether = fits(session, instant.getValue());
      for (VisitedPage visit : instant.getValue()) {
        if (!staysTogether && !session.isEmpty() && !fits(session, List.of(visit))) {
          add(session, ordinal, EndReason.MAX_BYTES);
          session.clear();
          ordinal++;
        }
        session.add(visit);
      }
    }
    if (!session.isEmpty()) {
      add(session, ordinal, EndReason.INACTIVITY);
    }
  }

  private void add(List<VisitedPage> session, int ordinal, EndReason why) {
    EndReason own = ownEndReason(session);
    Session whole = new Session(visitId, session, ordinal);
    sessions.add(new Upsert(whole, 1, Timing.ON_TIME, own == null ? why : own));
  }

  /** Why a session ends whatever comes next; null if it does not. */
  private @Nullable EndReason ownEndReason(List<VisitedPage> session) {
    long end = session.get(session.size() - 1).eventTimeMillis();
    for (SessionRules.FieldValue rule : policy.rules().endOn()) {
      for (VisitedPage visit : session) {
        if (visit.eventTimeMillis() == end
            && rule.value().equals(text(value(visit, rule.field())))) {
          return EndReason.ended(rule.field().fieldName(), rule.value());
        }
      }
    }
    return session.size() >= policy.maxPages() ? EndReason.MAX_PAGES : null;
  }

  /** Why a session ends before an instant; null if it does not. */
  private @Nullable EndReason endReason(
      List<VisitedPage> session, long time, List<VisitedPage> instant) {
    EndReason own = ownEndReason(session);
    if (own != null) {
      return own;
    }
    long first = session.get(0).eventTimeMillis();
    if (time - session.get(session.size() - 1).eventTimeMillis() >= policy.gap().toMillis()) {
      return EndReason.INACTIVITY;
    }
    if (!fits(session, instant)) {
      return EndReason.MAX_BYTES;
    }
    if (time - first > policy.maxDuration().toMillis()) {
      return EndReason.MAX_DURATION;
    }
    if (policy.rules().midnightIn() != null && !date(first).equals(date(time))) {
      return EndReason.MIDNIGHT;
    }
    for (VisitField field : policy.rules().splitOn()) {
      List<Object> values =
          session.stream().map(visit -> value(visit, field)).filter(Objects::nonNull).toList();
      if (!values.isEmpty()
          && instant.stream()
              .map(visit -> value(visit, field))
              .anyMatch(value -> value != null && !value.equals(values.get(values.size() - 1)))) {
        return EndReason.changed(field.fieldName());
      }
    }
    return null;
  }

  private LocalDate date(long millis) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(millis), policy.rules().midnightIn());
  }

  private static @Nullable Object value(VisitedPage visit, VisitField field) {
    return switch (field.fieldName()) {
      case "page" -> visit.page();
      case "user_id" -> visit.userId();
      default -> {
        Object value = visit.fields().value(ProjectedFields.id(field.fieldName()));
        yield value instanceof String text && text.length() > 1_024 ? null : value;
      }
    };
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private boolean fits(List<VisitedPage> session, List<VisitedPage> more) {
    return Stream.concat(session.stream(), more.stream())
        .map(SessionBytes::of)
        .reduce(SessionBytes.NONE, SessionBytes::plus)
        .fits(SessionBytes.room(visitId, policy));
  }
}
