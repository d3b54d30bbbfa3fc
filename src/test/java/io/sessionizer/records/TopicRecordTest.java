package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.TopicRecord.Header;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The contract of the topics, in literal texts: consumers depend on every one of them. */
class TopicRecordTest {
  private static final SessionJson JSON = new SessionJson(ZoneOffset.UTC);
  private static final SourcePosition SOURCE = new SourcePosition("visits", 3, 42);

  @Nested
  class Sessions {
    private final Upsert upsert =
        new Upsert(
            new Session("v", List.of(new VisitedPage(5, "home", "kim")), 1),
            2,
            Timing.LATE,
            EndReason.MAX_BYTES);

    @Test
    void upsertHasIdJsonAndHeaders() {
      assertEquals(
          record(
              "v@5+1",
              """
              {"visit_id":"v","user_id":"kim","start_time":"1970-01-01T00:00:00.005Z",\
              "end_time":"1970-01-01T00:00:00.005Z",\
              "visited_pages":[{"page":"home","event_time_as_milliseconds":5}],\
              "duration_in_milliseconds":0}""",
              "revision=2",
              "timing=late",
              "end_reason=max_bytes"),
          upsert.write(JSON));
    }

    @Test
    void tombstoneNamesTheReplacingSession() {
      assertEquals(
          record("v@5+1", null, "revision=3", "superseded_by=v@-7"),
          new Tombstone(SessionId.parse("v@5+1"), 3, SessionId.parse("v@-7")).write(JSON));
    }

    @Test
    void acceptsTombstoneWithoutHeaders() throws Exception {
      assertEquals(
          new Tombstone(SessionId.parse("v@5"), 1, null), SessionRecord.read(record("v@5", null)));
    }

    @Test
    void ignoresUnknownFieldsAndHeaders() throws Exception {
      TopicRecord written = upsert.write(JSON);
      String json = new String(written.value(), UTF_8).replaceFirst("\\{", "{\"new\":[{}],");
      List<Header> headers = new ArrayList<>(written.headers());
      headers.add(new Header("new", null));
      assertEquals(
          upsert,
          SessionRecord.read(new TopicRecord(written.key(), json.getBytes(UTF_8), headers)));
    }

    @Test
    void rejectsOtherKeys() {
      assertMalformed("not a session id: v", () -> SessionRecord.read(record("v", null)));
      assertMalformed("not a session id: v@x", () -> SessionRecord.read(record("v@x", null)));
      assertMalformed(
          "it is the session v@5, and its key is v@6",
          () -> SessionRecord.read(new TopicRecord(bytes("v@6"), session(), List.of())));
    }

    @Test
    void readsSessionsOfOtherProgramsWithoutHeaders() throws Exception {
      assertEquals(
          new Upsert(
              new Session("v", List.of(new VisitedPage(5, null, null))),
              1,
              Timing.ON_TIME,
              EndReason.INACTIVITY),
          read());
    }

    @Test
    void rejectsUnknownHeaders() {
      assertMalformed("the header revision is not a number: x", () -> read("revision=x"));
      assertMalformed("there is no timing early", () -> read("revision=1", "timing=early"));
    }

    @Test
    void rejectsOtherJson() {
      assertMalformed("there is no list visited_pages in it", () -> SessionJson.read(bytes(""), 0));
      assertMalformed(
          "there is no list visited_pages in it",
          () -> SessionJson.read(bytes("{\"visit_id\":\"v\",\"visited_pages\":[]}"), 0));
      assertMalformed(
          "there is no text visit_id in it",
          () -> SessionJson.read(bytes("{\"visited_pages\":[{}]}"), 0));
      assertMalformed(
          "a visited page has no event_time_as_milliseconds",
          () -> SessionJson.read(bytes("{\"visit_id\":\"v\",\"visited_pages\":[{}]}"), 0));
    }

    private SessionRecord read(String... headers) throws MalformedRecordException {
      return SessionRecord.read(new TopicRecord(bytes("v@5"), session(), headers(headers)));
    }

    private byte[] session() {
      return JSON.write(new Session("v", List.of(new VisitedPage(5, null, null))));
    }
  }

  @Nested
  class LateVisits {
    @Test
    void hasVisitIdJsonAndHeaders() {
      assertEquals(
          record(
              "v",
              "{}",
              "late_by_ms=7",
              "source.topic=visits",
              "source.partition=3",
              "source.offset=42"),
          new LateVisitRecord("v", bytes("{}"), 7, SOURCE).write());
    }

    @Test
    void recordAsItWasHasItsHeadersFirst() throws Exception {
      TopicRecord original = record("key", "text", "own=1", "own=2");
      TopicRecord late = new LateVisitRecord(original, 99L, 7, SOURCE).write();
      assertEquals(
          record(
              "key",
              "text",
              "own=1",
              "own=2",
              "late_by_ms=7",
              "source.topic=visits",
              "source.partition=3",
              "source.offset=42",
              "source.timestamp=99"),
          late);
      assertEquals(original, LateVisitRecord.read(late).visit());
    }

    @Test
    void headersOfJobsDoNotPileUp() {
      TopicRecord once =
          new LateVisitRecord(record("key", "text", "own=1"), 99L, 7, SOURCE).write();
      assertEquals(once, new LateVisitRecord(once, 99L, 7, SOURCE).write());
      DeadLetter letter =
          new DeadLetter(
              new Provenance(SOURCE, 99),
              once.headers(),
              once.key(),
              once.value(),
              Reason.NOT_JSON,
              "why");
      TopicRecord dead = DeadLetterRecord.of(letter, 100).write();
      assertEquals("own", dead.headers().get(0).name());
      assertEquals(1 + 6, dead.headers().size());
    }

    @Test
    void rejectsRecordsOfOthers() {
      assertMalformed("it has no value", () -> LateVisitRecord.read(record("v", null)));
      assertMalformed(
          "there is no header late_by_ms", () -> LateVisitRecord.read(record("v", "{}")));
    }
  }

  @Nested
  class DeadLetters {
    private final DeadLetter letter =
        new DeadLetter(
            new Provenance(SOURCE, 99), bytes("key"), bytes("value"), Reason.NOT_JSON, "why");

    @Test
    void hasKeyValueAndHeaders() {
      assertEquals(record("key", "value", headersAnd()), DeadLetterRecord.of(letter, 8).write());
    }

    @Test
    void valueIsCutBeforeKey() {
      assertEquals(
          record("key", "val", headersAnd("original.bytes=5")),
          DeadLetterRecord.of(letter, 6).write());
      assertEquals(
          record("ke", "", headersAnd("original.key.bytes=3", "original.bytes=5")),
          DeadLetterRecord.of(letter, 2).write());
    }

    @Test
    void headersAreLeftOutBeforeValueIsCut() throws Exception {
      DeadLetter withHeaders =
          new DeadLetter(
              letter.provenance(),
              headers("own=1"),
              letter.key(),
              letter.value(),
              letter.reason(),
              letter.message());
      TopicRecord whole = record("key", "value", headersAnd());
      List<Header> all = new ArrayList<>(headers("own=1"));
      all.addAll(whole.headers());
      assertEquals(
          new TopicRecord(whole.key(), whole.value(), all),
          DeadLetterRecord.of(withHeaders, 22).write());
      assertEquals(
          record("key", "value", headersAnd("original.headers.bytes=14")),
          DeadLetterRecord.of(withHeaders, 21).write());
      assertEquals(
          record("key", "val", headersAnd("original.bytes=5", "original.headers.bytes=14")),
          DeadLetterRecord.of(withHeaders, 6).write());
      DeadLetterRecord cut = DeadLetterRecord.of(withHeaders, 6);
      assertEquals(cut, DeadLetterRecord.read(cut.write()));
    }

    @Test
    void rejectsRecordsOfOthers() {
      assertMalformed(
          "there is no header error.reason", () -> DeadLetterRecord.read(record("v", "{}")));
      assertMalformed(
          "there is no reason ODD",
          () -> DeadLetterRecord.read(record("v", "{}", "error.reason=ODD")));
    }

    private String[] headersAnd(String... more) {
      return Stream.concat(
              Stream.of(
                  "error.reason=NOT_JSON",
                  "error.message=why",
                  "source.topic=visits",
                  "source.partition=3",
                  "source.offset=42",
                  "source.timestamp=99"),
              Stream.of(more))
          .toArray(String[]::new);
    }
  }

  private static void assertMalformed(String message, Executable read) {
    assertEquals(message, assertThrows(MalformedRecordException.class, read).getMessage());
  }

  private static TopicRecord record(String key, @Nullable String value, String... headers) {
    return new TopicRecord(bytes(key), value == null ? null : bytes(value), headers(headers));
  }

  private static List<Header> headers(String... namesAndValues) {
    return Stream.of(namesAndValues)
        .map(header -> header.split("=", 2))
        .map(header -> new Header(header[0], bytes(header[1])))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
