package io.sessionizer.coders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionId;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Tombstone;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.SessionRecordCoder;
import io.sessionizer.sessions.VisitedPagesCoder;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.DeadLetterCoder;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.ParsedRecordCoder;
import io.sessionizer.visits.ProvenanceCoder;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.coders.Coder;

/** Every coder reads back what it wrote, and not a byte more. */
class AnyValueTest {
  private static final SessionId HEIR = SessionId.parse("heir@0");

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void readsBackVisits(@ForAll("visits") Visit visit) throws IOException {
    assertReadBack(VisitCoder.of(), visit);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void readsBackParsedRecords(@ForAll("parsedRecords") ParsedRecord record) throws IOException {
    assertReadBack(ParsedRecordCoder.of(), record);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void readsBackConsumedRecords(@ForAll("consumedRecords") ConsumedRecord record)
      throws IOException {
    assertReadBack(ConsumedRecord.CODER, record);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void readsBackProvenances(@ForAll("provenances") Provenance provenance) throws IOException {
    assertReadBack(ProvenanceCoder.of(), provenance);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void readsBackDeadLetters(@ForAll("deadLetters") DeadLetter letter) throws IOException {
    assertReadBack(DeadLetterCoder.of(), letter);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void readsBackListsOfVisitedPages(@ForAll("listsOfVisitedPages") List<VisitedPage> pages)
      throws IOException {
    assertReadBack(VisitedPagesCoder.of(), pages);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void readsBackSessionRecords(@ForAll("sessionRecords") SessionRecord change) throws IOException {
    assertReadBack(SessionRecordCoder.of(), change);
  }

  private static <T> void assertReadBack(Coder<T> coder, T value) throws IOException {
    var out = new ByteArrayOutputStream();
    coder.encode(value, out);
    out.write(42);
    var in = new ByteArrayInputStream(out.toByteArray());

    assertEquals(value, coder.decode(in));
    assertEquals(42, in.read());
  }

  @Provide
  Arbitrary<Visit> visits() {
    return Combinators.combine(
            texts().filter(text -> !text.isBlank()),
            Arbitraries.longs(),
            texts().injectNull(0.3),
            texts().injectNull(0.3))
        .as(Visit::new);
  }

  @Provide
  Arbitrary<ParsedRecord> parsedRecords() {
    Arbitrary<Rejection> rejections =
        Combinators.combine(Arbitraries.of(Reason.class), texts(), bytes()).as(Rejection::new);
    return Arbitraries.oneOf(visits(), rejections);
  }

  @Provide
  Arbitrary<ConsumedRecord> consumedRecords() {
    return Combinators.combine(provenances(), bytes(), parsedRecords()).as(ConsumedRecord::new);
  }

  @Provide
  Arbitrary<Provenance> provenances() {
    return Combinators.combine(
            Combinators.combine(texts(), Arbitraries.integers(), Arbitraries.longs())
                .as(SourcePosition::new),
            Arbitraries.longs(),
            Arbitraries.longs())
        .as(Provenance::new);
  }

  @Provide
  Arbitrary<DeadLetter> deadLetters() {
    return Combinators.combine(
            provenances(), bytes(), bytes(), Arbitraries.of(Reason.class), texts())
        .as(DeadLetter::new);
  }

  private static Arbitrary<VisitedPage> visitedPages() {
    return Combinators.combine(
            Arbitraries.longs(), texts().injectNull(0.3), texts().injectNull(0.3))
        .as(VisitedPage::new);
  }

  /** Of few users, so that one comes after itself. */
  @Provide
  Arbitrary<List<VisitedPage>> listsOfVisitedPages() {
    return Combinators.combine(
            Arbitraries.longs(), texts().injectNull(0.3), Arbitraries.of("u", "é").injectNull(0.3))
        .as(VisitedPage::new)
        .list()
        .ofMaxSize(10);
  }

  @Provide
  Arbitrary<SessionRecord> sessionRecords() {
    Arbitrary<List<VisitedPage>> pages = visitedPages().list().ofMinSize(1).ofMaxSize(10);
    return Combinators.combine(
            Combinators.combine(texts(), pages, Arbitraries.integers()).as(Session::new),
            Arbitraries.integers(),
            Arbitraries.of(Timing.class),
            Arbitraries.of(
                EndReason.INACTIVITY,
                EndReason.MAX_DURATION,
                EndReason.MAX_PAGES,
                EndReason.MAX_BYTES,
                EndReason.MIDNIGHT,
                EndReason.changed("user_id"),
                EndReason.ended("page", "a=b:c")))
        .as(
            (session, revision, timing, reason) ->
                revision % 5 == 0
                    ? new Tombstone(session.id(), revision, HEIR)
                    : new Upsert(session, revision, timing, reason));
  }

  private static Arbitrary<byte[]> bytes() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(50).injectNull(0.3);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.integers()
        .between(0, Character.MAX_CODE_POINT)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .list()
        .ofMaxSize(20)
        .map(characters -> characters.stream().map(Character::toString).reduce("", String::concat));
  }
}
