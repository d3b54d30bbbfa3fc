package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;

/** The bytes that the cap of a session counts, beside those that Kafka counts. */
class SessionBytesTest {
  private static final ZoneId WIDEST = ZoneId.of("-12:34:56");

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void neverFewerThanRecord(
      @ForAll("texts") String visitId,
      @ForAll("pages") List<VisitedPage> pages,
      @ForAll("ordinals") int ordinal) {
    Session session = new Session(visitId, pages, ordinal);
    assertTrue(written(session) <= SessionBytes.ofRecord(session), session::toString);
  }

  @Property(tries = 200)
  void areASumOverVisits(@ForAll("pages") List<VisitedPage> pages) {
    SessionBytes whole =
        pages.stream().map(SessionBytes::of).reduce(SessionBytes.NONE, SessionBytes::plus);
    SessionBytes backwards = SessionBytes.NONE;
    for (int i = pages.size() - 1; i >= 0; i--) {
      backwards = SessionBytes.of(pages.get(i)).plus(backwards);
    }
    assertEquals(whole, backwards);
  }

  @Example
  void hardlyMoreThanAsciiRecord() {
    List<VisitedPage> pages =
        LongStream.range(0, 1_000)
            .mapToObj(i -> new VisitedPage(1_704_067_200_000L + i, "https://a.example/" + i, "kim"))
            .toList();
    Session session = new Session("visit", pages);
    long more = SessionBytes.ofRecord(session) - written(session);
    assertTrue(more < 200, () -> more + " bytes more");
  }

  @Example
  void countsJsonOfVisit() {
    String json = "{\"page\":\"home\",\"event_time_as_milliseconds\":1704067200000},";
    VisitedPage visit = new VisitedPage(1_704_067_200_000L, "home", "kim");
    assertEquals(new SessionBytes(json.length(), 3), SessionBytes.of(visit));
  }

  /** What {@code --maxSessionBytes} is at least. */
  @Example
  void largestVisitFitsSmallestCap() {
    String largest = "\u0001".repeat(4096);
    VisitedPage visit = new VisitedPage(Long.MIN_VALUE, largest, largest);
    Session alone = new Session("\u0800".repeat(4096), List.of(visit), Integer.MAX_VALUE);
    Session quoted = new Session(largest, List.of(visit), Integer.MAX_VALUE);
    assertTrue(SessionBytes.ofRecord(alone) <= SessionPolicy.LEAST_BYTES);
    assertTrue(SessionBytes.ofRecord(quoted) <= SessionPolicy.LEAST_BYTES);
  }

  /** The larger one of what a producer and what a broker compares with its limit. */
  private static long written(Session session) {
    Upsert change = new Upsert(session, Integer.MAX_VALUE, Timing.ON_TIME, EndReason.MAX_DURATION);
    ProducerRecord<byte[], byte[]> record =
        RecordMapping.toProduce("sessions", change.write(new SessionJson(WIDEST)));
    int sent =
        AbstractRecords.estimateSizeInBytesUpperBound(
            RecordBatch.CURRENT_MAGIC_VALUE,
            CompressionType.NONE,
            record.key(),
            record.value(),
            record.headers().toArray());
    int stored =
        MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(
                    Long.MAX_VALUE, record.key(), record.value(), record.headers().toArray()))
            .sizeInBytes();
    return Math.max(sent, stored);
  }

  /** The end reason has it, at worst with three bytes a character. */
  @Example
  void roomIsLessByNameOfField() {
    SessionPolicy policy = SessionPolicy.of(Duration.ofMinutes(16), Duration.ZERO);
    VisitField field = VisitField.named("/" + "é".repeat(99));
    SessionRules split = new SessionRules(List.of(field), List.of(), null);
    SessionRules end =
        new SessionRules(
            List.of(), List.of(new SessionRules.FieldValue(field, "v".repeat(10))), null);
    long room = SessionBytes.room("v", policy);
    assertEquals(300, room - SessionBytes.room("v", policy.with(split)));
    assertEquals(330, room - SessionBytes.room("v", policy.with(end)));
  }

  @Provide
  Arbitrary<List<VisitedPage>> pages() {
    Arbitrary<Long> times =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 3),
            Arbitraries.longs().between(-62_135_596_800_000L, 253_402_214_400_000L));
    Arbitrary<List<VisitedPage>> some =
        Combinators.combine(times, texts().injectNull(0.2), texts().injectNull(0.2))
            .as(VisitedPage::new)
            .list()
            .ofMinSize(1)
            .ofMaxSize(12);
    return Combinators.combine(some, Arbitraries.of(1, 1, 50))
        .as((pages, times2) -> Collections.nCopies(times2, pages))
        .map(copies -> copies.stream().flatMap(List::stream).toList());
  }

  @Provide
  Arbitrary<Integer> ordinals() {
    return Arbitraries.of(0, 1, 12, Integer.MAX_VALUE);
  }

  /** Of characters that take one to four bytes, and of those that JSON escapes. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a", "/", "\"", "\\", "\n", "\u0000", "\u007f", "é", "\u2028", "\uD83D\uDE00")
        .list()
        .ofMaxSize(60)
        .map(characters -> String.join("", characters));
  }
}
