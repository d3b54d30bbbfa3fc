package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.MalformedRecordException;
import io.sessionizer.records.Reason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecord.Header;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.Visit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A fault of a job, and the visit ids and positions that it may show at. */
enum InjectedFault {
  SESSION_IS_DROPPED(
      job -> {
        Session session = any(job);
        String key = session.id().toString();
        for (List<TopicRecord> records : job.sessions.partitions) {
          records.replaceAll(r -> r == null || key.equals(key(r)) ? null : r);
        }
        return at(session);
      }),
  SESSION_IS_DELETED(
      job -> {
        Session session = any(job);
        write(job, session, new Tombstone(session.id(), 9, null).write(ScriptedJob.JSON));
        return at(session);
      }),
  VISIT_IS_DROPPED(pages(pages -> pages.remove(1))),
  FIRST_VISIT_IS_DROPPED(pages(pages -> pages.remove(0))),
  VISIT_IS_DOUBLED(pages(pages -> pages.insert(1, pages.get(1)))),
  PAGE_IS_EDITED(pages(pages -> ((ObjectNode) pages.get(1)).put("page", "other"))),
  PAGE_IS_REMOVED(pages(pages -> ((ObjectNode) pages.get(1)).remove("page"))),
  TIME_IS_EDITED(
      pages(
          pages -> {
            ObjectNode page = (ObjectNode) pages.get(1);
            String name = "event_time_as_milliseconds";
            page.put(name, page.get(name).longValue() - 1);
          })),
  PAGES_ARE_SWAPPED(pages(pages -> pages.add(pages.remove(0)))),
  PAGE_HAS_ANOTHER_FIELD(pages(pages -> ((ObjectNode) pages.get(1)).put("user_id", "u"))),
  PAGES_ARE_NO_LIST(json(json -> json.put("visited_pages", 1))),
  VISIT_ID_IS_EDITED(json(json -> json.put("visit_id", "other"))),
  USER_ID_IS_EDITED(json(json -> json.put("user_id", "other"))),
  USER_ID_IS_NULL(json(json -> json.putNull("user_id"))),
  START_TIME_IS_EDITED(json(json -> json.put("start_time", "2024-01-01T00:00:00.001Z"))),
  END_TIME_IS_EDITED(json(json -> json.put("end_time", "2024-01-01T00:00:00.001Z"))),
  DURATION_IS_EDITED(json(json -> json.put("duration_in_milliseconds", 1))),
  DURATION_IS_A_TEXT(json(json -> json.put("duration_in_milliseconds", "60000"))),
  FIELD_IS_REMOVED(json(json -> json.remove("end_time"))),
  FIELD_IS_ADDED(json(json -> json.put("more", 1))),
  FIELDS_ARE_IN_ANOTHER_ORDER(json(json -> json.set("visit_id", json.remove("visit_id")))),
  JSON_HAS_SPACES(value(value -> (value + " ").getBytes(UTF_8))),
  JSON_IS_CUT(value(value -> value.substring(0, value.length() - 9).getBytes(UTF_8))),
  VALUE_IS_EMPTY(value(value -> new byte[0])),
  TIME_ZONE_IS_ANOTHER(
      job -> {
        Session session = any(job);
        SessionJson paris = new SessionJson(ZoneId.of("Europe/Paris"));
        TopicRecord record = newest(job, session);
        write(job, session, new TopicRecord(record.key(), paris.write(session), record.headers()));
        return at(session);
      }),
  END_REASON_IS_EDITED(
      job -> {
        Session session = any(job);
        TopicRecord record = newest(job, session);
        List<Header> headers = new ArrayList<>(record.headers());
        headers.add(new Header("end_reason", "max_pages".getBytes(UTF_8)));
        write(job, session, new TopicRecord(record.key(), record.value(), headers));
        return at(session);
      }),
  KEY_HAS_ANOTHER_START(key(session -> session.visitId() + "@" + (session.startMillis() + 1))),
  KEY_HAS_ANOTHER_VISIT_ID(key(session -> "other@" + session.startMillis())),
  KEY_HAS_AN_ORDINAL(key(session -> session.id() + "+1")),
  KEY_IS_NO_SESSION_ID(key(session -> session.visitId())),
  KEY_HAS_LEADING_ZERO(key(session -> session.visitId() + "@0" + session.startMillis())),
  KEY_IS_MISSING(
      job -> {
        Session session = any(job);
        SourcePosition position = job.sessions.newest(session.id().toString());
        TopicRecord record = newest(job, session);
        for (List<TopicRecord> records : job.sessions.partitions) {
          records.replaceAll(r -> r == null || session.id().toString().equals(key(r)) ? null : r);
        }
        job.sessions.set(position, new TopicRecord(null, record.value(), record.headers()));
        return Set.of(session.visitId(), position.toString());
      }),
  SESSION_IS_INVENTED(
      job -> {
        Session session = new Session("invented", any(job).pages());
        job.sessions.add(0, ScriptedJob.upsert(session, 1));
        return Set.of("invented");
      }),
  SESSION_OF_VISIT_ID_IS_INVENTED(
      job -> {
        Session session = any(job);
        long time = session.endMillis() + 1;
        job.sessions.add(
            session.visitId().length() % 2,
            ScriptedJob.upsert(
                new Session(session.visitId(), List.of(new VisitedPage(time, "p", null))), 1));
        return at(session);
      }),
  SESSION_IS_THERE_TWICE(
      job -> {
        Session session = any(job);
        Session part = new Session(session.visitId(), session.pages().subList(1, 2));
        job.sessions.add(session.visitId().length() % 2, ScriptedJob.upsert(part, 1));
        return at(session);
      },
      session -> session.pages().get(1).eventTimeMillis() > session.startMillis()),
  SESSION_IS_SPLIT(
      job -> {
        Session session = any(job);
        List<VisitedPage> pages = session.pages();
        write(
            job,
            session,
            ScriptedJob.upsert(new Session(session.visitId(), pages.subList(0, 1)), 2));
        write(
            job,
            session,
            ScriptedJob.upsert(new Session(session.visitId(), pages.subList(1, pages.size())), 1));
        return at(session);
      }),
  SESSIONS_ARE_MERGED(
      job -> {
        for (int i = 1; i < job.table.size(); i++) {
          Session a = job.table.get(i - 1);
          Session b = job.table.get(i);
          if (a.visitId().equals(b.visitId())) {
            List<VisitedPage> pages = new ArrayList<>(a.pages());
            pages.addAll(b.pages());
            write(job, a, ScriptedJob.upsert(new Session(a.visitId(), pages), 2));
            write(job, b, new Tombstone(b.id(), 2, a.id()).write(ScriptedJob.JSON));
            return at(a);
          }
        }
        throw new IllegalStateException("every visit id has several sessions");
      }),
  VISIT_IS_MOVED(
      job -> {
        Session from = any(job);
        Session to =
            job.table.stream()
                .filter(s -> s.visitId().equals(from.visitId()) && !s.equals(from))
                .findFirst()
                .orElseThrow();
        List<VisitedPage> left = new ArrayList<>(from.pages());
        List<VisitedPage> more = new ArrayList<>(to.pages());
        more.add(left.remove(1));
        write(job, from, ScriptedJob.upsert(new Session(from.visitId(), left), 2));
        write(job, to, ScriptedJob.upsert(new Session(to.visitId(), more), 2));
        return at(from);
      }),
  VISIT_IS_MOVED_TO_ANOTHER_VISIT_ID(
      job -> {
        Session from = any(job);
        Session to =
            job.table.stream()
                .filter(s -> !s.visitId().equals(from.visitId()) && !s.visitId().equals("last"))
                .findFirst()
                .orElseThrow();
        List<VisitedPage> left = new ArrayList<>(from.pages());
        List<VisitedPage> more = new ArrayList<>(to.pages());
        more.add(left.remove(1));
        write(job, from, ScriptedJob.upsert(new Session(from.visitId(), left), 2));
        write(job, to, ScriptedJob.upsert(new Session(to.visitId(), more), 2));
        return Set.of(from.visitId(), to.visitId());
      }),
  OLDER_REVISION_IS_NEWEST(
      job -> {
        Session session = any(job);
        List<VisitedPage> pages = session.pages().subList(0, 1);
        write(job, session, ScriptedJob.upsert(new Session(session.visitId(), pages), 1));
        return at(session);
      }),
  VISIT_IS_NOT_READ(
      job -> {
        Session session = any(job);
        return onVisit(job, session, position -> job.visits.set(position, null));
      }),
  VISIT_IS_READ_TWICE(
      job -> {
        Session session = any(job);
        return onVisit(
            job,
            session,
            position ->
                job.visits.add(
                    position.partition(), Objects.requireNonNull(job.visits.get(position))));
      }),
  LATE_VISIT_IS_DROPPED(
      job -> {
        SourcePosition place = job.late.get(0);
        Visit visit = lateVisit(job, place);
        job.lateVisits.set(place, null);
        return Set.of(visit.visitId());
      }),
  LATE_VISIT_IS_IN_SESSION(
      job -> {
        Session session = any(job);
        return onVisit(
            job,
            session,
            position -> {
              byte[] json = Objects.requireNonNull(job.visits.get(position)).value();
              job.lateVisits.add(
                  0,
                  new LateVisitRecord(session.visitId(), Objects.requireNonNull(json), 1, position)
                      .write());
            });
      }),
  LATE_VISIT_IS_EDITED(
      job -> {
        SourcePosition place = job.late.get(0);
        Visit visit = lateVisit(job, place);
        TopicRecord record = Objects.requireNonNull(job.lateVisits.get(place));
        Visit other = new Visit(visit.visitId(), visit.eventTimeMillis() + 1, null, null);
        job.lateVisits.set(
            place, new TopicRecord(record.key(), ScriptedJob.json(other), record.headers()));
        return Set.of(visit.visitId());
      }),
  LATE_VISIT_HAS_ANOTHER_KEY(
      job -> {
        SourcePosition place = job.late.get(0);
        Visit visit = lateVisit(job, place);
        TopicRecord record = Objects.requireNonNull(job.lateVisits.get(place));
        job.lateVisits.set(
            place, new TopicRecord("other".getBytes(UTF_8), record.value(), record.headers()));
        return Set.of(visit.visitId());
      }),
  LATE_VISIT_HAS_NO_SOURCE(
      job -> {
        SourcePosition place = job.late.get(0);
        Visit visit = lateVisit(job, place);
        TopicRecord record = Objects.requireNonNull(job.lateVisits.get(place));
        job.lateVisits.set(place, new TopicRecord(record.key(), record.value(), List.of()));
        return Set.of(visit.visitId(), place.toString());
      }),
  LATE_VISIT_IS_DEAD_AS_WELL(
      job -> {
        SourcePosition place = job.late.get(0);
        Visit visit = lateVisit(job, place);
        SourcePosition source = source(job, place);
        TopicRecord record = Objects.requireNonNull(job.visits.get(source));
        job.deadLetters.add(
            0,
            ScriptedJob.deadLetter(source, record.key(), record.value(), Reason.FUTURE_EVENT_TIME));
        return Set.of(visit.visitId());
      }),
  LATE_VISIT_OF_MISSING_RECORD(
      job -> {
        SourcePosition hole = job.visits.add(0, null);
        Visit visit = new Visit("v1", 0, null, null);
        SourcePosition place =
            job.lateVisits.add(
                0, new LateVisitRecord("v1", ScriptedJob.json(visit), 1, hole).write());
        return Set.of(place.toString());
      }),
  DEAD_LETTER_IS_DROPPED(
      job -> {
        SourcePosition place = job.dead.get(0);
        SourcePosition source = deadSource(job, place);
        job.deadLetters.set(place, null);
        return Set.of(source.toString());
      }),
  DEAD_LETTER_OF_VISIT(
      job -> {
        Session session = any(job);
        return onVisit(
            job,
            session,
            position -> {
              TopicRecord record = Objects.requireNonNull(job.visits.get(position));
              job.deadLetters.add(
                  0,
                  ScriptedJob.deadLetter(position, record.key(), record.value(), Reason.NOT_JSON));
            });
      }),
  DEAD_LETTER_HAS_ANOTHER_REASON(
      dead(
          (source, record) ->
              ScriptedJob.deadLetter(source, record.key(), record.value(), Reason.NOT_JSON))),
  DEAD_LETTER_HAS_ANOTHER_VALUE(
      dead(
          (source, record) ->
              ScriptedJob.deadLetter(
                  source, record.key(), "{}".getBytes(UTF_8), Reason.MISSING_EVENT_TIME))),
  DEAD_LETTER_HAS_ANOTHER_KEY(
      dead(
          (source, record) ->
              ScriptedJob.deadLetter(
                  source, "other".getBytes(UTF_8), record.value(), Reason.MISSING_EVENT_TIME))),
  DEAD_LETTER_HAS_NO_HEADERS(
      dead((source, record) -> new TopicRecord(record.key(), record.value(), List.of())));

  /** Changes a job's output or input; returns the visit ids and positions that show it. */
  interface Injection {
    Set<String> into(ScriptedJob job);
  }

  /** Makes a dead letter of a record that is one. */
  interface DeadLetters {
    TopicRecord of(SourcePosition source, TopicRecord record);
  }

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final Injection injection;

  InjectedFault(Injection injection) {
    this.injection = injection;
  }

  InjectedFault(Injection injection, Predicate<Session> applies) {
    this.injection =
        job -> {
          job.table.removeIf(s -> s.pages().size() < 3 || !applies.test(s));
          return injection.into(job);
        };
  }

  Set<String> into(ScriptedJob job) {
    return injection.into(job);
  }

  /** A session of several times and pages, with a user. */
  private static Session any(ScriptedJob job) {
    return job.table.stream()
        .filter(session -> !session.visitId().equals("last") && session.userId() != null)
        .filter(session -> session.pages().size() > 2 && session.pages().get(1).page() != null)
        .filter(
            session -> session.pages().get(1).eventTimeMillis() - session.startMillis() > 60_000)
        .filter(session -> session.endMillis() > session.pages().get(1).eventTimeMillis())
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> at(Session session) {
    return Set.of(session.visitId());
  }

  private static String key(TopicRecord record) {
    byte[] key = record.key();
    return key == null ? "" : new String(key, UTF_8);
  }

  private static TopicRecord newest(ScriptedJob job, Session session) {
    return Objects.requireNonNull(job.sessions.get(job.sessions.newest(session.id().toString())));
  }

  private static void write(ScriptedJob job, Session session, TopicRecord record) {
    job.sessions.add(session.visitId().length() % 2, record);
  }

  private static Injection value(Function<String, byte[]> edit) {
    return job -> {
      Session session = any(job);
      TopicRecord record = newest(job, session);
      String value = new String(Objects.requireNonNull(record.value()), UTF_8);
      write(job, session, new TopicRecord(record.key(), edit.apply(value), record.headers()));
      return at(session);
    };
  }

  private static Injection json(Consumer<ObjectNode> edit) {
    return value(
        value -> {
          try {
            ObjectNode json = (ObjectNode) new ObjectMapper().readTree(value);
            edit.accept(json);
            return json.toString().getBytes(UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static Injection pages(Consumer<ArrayNode> edit) {
    return json(json -> edit.accept((ArrayNode) json.get("visited_pages")));
  }

  /** All records of a session get another key. */
  private static Injection key(Function<Session, String> edit) {
    return job -> {
      Session session = any(job);
      String key = session.id().toString();
      String other = edit.apply(session);
      UnaryOperator<TopicRecord> renamed =
          r ->
              r != null && key.equals(key(r))
                  ? new TopicRecord(other.getBytes(UTF_8), r.value(), r.headers())
                  : r;
      job.sessions.partitions.forEach(records -> records.replaceAll(renamed));
      int partition = session.visitId().length() % 2;
      return Set.of(
          session.visitId(), "other", job.sessions.newest(other).toString(), "" + partition);
    };
  }

  /** Does something with the position of a visit of a session. */
  private static Set<String> onVisit(
      ScriptedJob job, Session session, Consumer<SourcePosition> what) {
    VisitedPage page = session.pages().get(1);
    for (int partition = 0; partition < 2; partition++) {
      for (int offset = 0; offset < job.visits.partitions.get(partition).size(); offset++) {
        SourcePosition position = new SourcePosition("visits", partition, offset);
        TopicRecord record = job.visits.get(position);
        if (record != null && ScriptedJob.isVisit(record) && !isLate(job, position)) {
          Visit visit = ScriptedJob.visit(record);
          if (visit.visitId().equals(session.visitId())
              && visit.eventTimeMillis() == page.eventTimeMillis()
              && Objects.equals(visit.page(), page.page())) {
            what.accept(position);
            return at(session);
          }
        }
      }
    }
    throw new IllegalStateException("the visit is on the topic");
  }

  private static boolean isLate(ScriptedJob job, SourcePosition position) {
    return job.late.stream().anyMatch(place -> source(job, place).equals(position));
  }

  private static SourcePosition source(ScriptedJob job, SourcePosition place) {
    try {
      return LateVisitRecord.read(Objects.requireNonNull(job.lateVisits.get(place))).source();
    } catch (MalformedRecordException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SourcePosition deadSource(ScriptedJob job, SourcePosition place) {
    try {
      return DeadLetterRecord.read(Objects.requireNonNull(job.deadLetters.get(place))).source();
    } catch (MalformedRecordException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Visit lateVisit(ScriptedJob job, SourcePosition place) {
    return ScriptedJob.visit(Objects.requireNonNull(job.visits.get(source(job, place))));
  }

  private static Injection dead(DeadLetters edit) {
    return job -> {
      SourcePosition place = job.dead.get(0);
      SourcePosition source = deadSource(job, place);
      TopicRecord record = Objects.requireNonNull(job.visits.get(source));
      job.deadLetters.set(place, edit.of(source, record));
      return Set.of(source.toString(), place.toString());
    };
  }
}
