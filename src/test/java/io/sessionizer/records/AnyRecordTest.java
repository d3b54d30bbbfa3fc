package io.sessionizer.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.TopicRecord.Header;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Every record that is written is read back. No text has half of a surrogate pair: no visit has.
 */
class AnyRecordTest {
  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void readsBackSessions(@ForAll("upsertsOfOneUser") Upsert upsert, @ForAll("zones") ZoneId zone)
      throws Exception {
    assertEquals(upsert, SessionRecord.read(upsert.write(new SessionJson(zone))));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void writesWhatItReadOfSeveralUsers(
      @ForAll("upserts") Upsert upsert, @ForAll("zones") ZoneId zone) throws Exception {
    SessionJson json = new SessionJson(zone);
    TopicRecord record = upsert.write(json);
    assertEquals(record, SessionRecord.read(record).write(json));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void readsBackTombstones(@ForAll("tombstones") Tombstone tombstone, @ForAll("zones") ZoneId zone)
      throws Exception {
    assertEquals(tombstone, SessionRecord.read(tombstone.write(new SessionJson(zone))));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void readsBackSessionIds(@ForAll("sessionIds") SessionId id) {
    assertEquals(id, SessionId.parse(id.toString()));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void readsBackLateVisits(
      @ForAll("visits") Visit visit,
      @ForAll("positions") SourcePosition source,
      @ForAll long lateByMillis)
      throws Exception {
    LateVisitRecord late =
        new LateVisitRecord(visit.visitId(), VisitJson.write(visit), lateByMillis, source);
    LateVisitRecord read = LateVisitRecord.read(late.write());
    assertEquals(late, read);
    assertEquals(visit, VisitJson.parse(Objects.requireNonNull(read.visit().value())));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void readsBackLateVisitsAsTheyWere(
      @ForAll("headers") List<Header> headers,
      @ForAll("bytes") byte[] key,
      @ForAll byte[] value,
      @ForAll("positions") SourcePosition source,
      @ForAll long timestamp)
      throws Exception {
    TopicRecord original = new TopicRecord(key, value, headers);
    LateVisitRecord late = new LateVisitRecord(original, timestamp, 7, source);
    LateVisitRecord read = LateVisitRecord.read(late.write());
    assertEquals(late, read);
    assertEquals(original, read.visit());
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void readsBackDeadLettersHoweverCut(
      @ForAll("deadLetters") DeadLetter letter, @ForAll("rooms") int room) throws Exception {
    DeadLetterRecord record = DeadLetterRecord.of(letter, room);
    assertEquals(record, DeadLetterRecord.read(record.write()));
  }

  @Provide
  Arbitrary<Upsert> upsertsOfOneUser() {
    return Combinators.combine(
            times().list().ofMinSize(1).ofMaxSize(10),
            texts().injectNull(0.3).list().ofSize(10),
            texts().injectNull(0.3))
        .as(AnyRecordTest::pages)
        .flatMap(AnyRecordTest::upserts);
  }

  private static List<VisitedPage> pages(List<Long> times, List<String> pages, String userId) {
    return IntStream.range(0, times.size())
        .mapToObj(i -> new VisitedPage(times.get(i), pages.get(i), userId))
        .toList();
  }

  @Provide
  Arbitrary<Upsert> upserts() {
    return Combinators.combine(times(), texts().injectNull(0.3), texts().injectNull(0.3))
        .as(VisitedPage::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(10)
        .flatMap(AnyRecordTest::upserts);
  }

  private static Arbitrary<Upsert> upserts(List<VisitedPage> pages) {
    return Combinators.combine(
            Combinators.combine(texts(), Arbitraries.just(pages), ordinals()).as(Session::new),
            revisions(),
            Arbitraries.of(Timing.class),
            Arbitraries.of(
                EndReason.INACTIVITY,
                EndReason.MAX_DURATION,
                EndReason.MAX_PAGES,
                EndReason.MAX_BYTES,
                EndReason.MIDNIGHT,
                EndReason.changed("user_id"),
                EndReason.ended("page", "a=b:c")))
        .as(Upsert::new);
  }

  @Provide
  Arbitrary<Tombstone> tombstones() {
    return Combinators.combine(sessionIds(), revisions(), sessionIds().injectNull(0.2))
        .as(Tombstone::new);
  }

  @Provide
  Arbitrary<SessionId> sessionIds() {
    return Combinators.combine(
            texts(), Combinators.combine(times(), ordinals()).as(SessionStart::new))
        .as(SessionId::new);
  }

  @Provide
  Arbitrary<Visit> visits() {
    return Combinators.combine(
            texts().filter(text -> !text.isBlank()),
            Arbitraries.longs().between(-62_135_596_800_000L, 253_402_300_799_999L),
            texts().injectNull(0.3),
            texts().injectNull(0.3))
        .as(Visit::new);
  }

  @Provide
  Arbitrary<SourcePosition> positions() {
    return Combinators.combine(
            texts(), Arbitraries.integers().greaterOrEqual(0), Arbitraries.longs())
        .as(SourcePosition::new);
  }

  @Provide
  Arbitrary<DeadLetter> deadLetters() {
    return Combinators.combine(
            Combinators.combine(positions(), Arbitraries.longs(), Arbitraries.longs())
                .as(Provenance::new),
            headers(),
            bytes(),
            bytes(),
            Arbitraries.of(Reason.class),
            texts())
        .as(DeadLetter::new);
  }

  @Provide
  Arbitrary<List<Header>> headers() {
    return Combinators.combine(texts(), bytes()).as(Header::new).list().ofMaxSize(3);
  }

  @Provide
  Arbitrary<Integer> rooms() {
    return Arbitraries.integers().between(0, 110);
  }

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of("Z", "Europe/Paris", "Asia/Kolkata", "America/St_Johns").map(ZoneId::of);
  }

  private static Arbitrary<Long> times() {
    return Arbitraries.oneOf(Arbitraries.longs().between(-1, 1), Arbitraries.longs());
  }

  private static Arbitrary<Integer> ordinals() {
    return Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().greaterOrEqual(1));
  }

  private static Arbitrary<Integer> revisions() {
    return Arbitraries.integers().greaterOrEqual(1);
  }

  @Provide
  Arbitrary<byte[]> bytes() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(50).injectNull(0.3);
  }

  /** Of any characters, and of those that an id or JSON gives a meaning. */
  private static Arbitrary<String> texts() {
    Arbitrary<Integer> any =
        Arbitraries.integers()
            .between(0, Character.MAX_CODE_POINT)
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
    return Arbitraries.oneOf(any, Arbitraries.of('@', '+', '-', '0', '"', '\\').map(c -> (int) c))
        .list()
        .ofMaxSize(20)
        .map(characters -> characters.stream().map(Character::toString).reduce("", String::concat));
  }
}
