package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.attributes.SessionAttributes;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.records.PackedSession;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitCursor;
import io.sessionizer.visits.VisitPacket;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A session that stays bytes is sorted and written as one of objects. */
class AnyPackedSessionTest extends AnySessionTest {
  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void packedVisitsAreSortedAsObjects(
      @ForAll("texts") String visitId, @ForAll("pages") List<VisitedPage> pages) {
    assertEquals(new Session("v" + visitId, pages), packed("v" + visitId, pages).unpacked());
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void packedSessionHasSameJson(
      @ForAll("texts") String visitId,
      @ForAll("pages") List<VisitedPage> pages,
      @ForAll("zones") ZoneId zone) {
    SessionJson json = new SessionJson(zone);
    assertEquals(
        new String(json.write(new Session("v" + visitId, pages)), UTF_8),
        new String(json.write(packed("v" + visitId, pages)), UTF_8));
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void packedSessionHasSameAttributes(
      @ForAll("texts") String visitId, @ForAll("pages") List<VisitedPage> pages) throws Exception {
    List<AttributeDefinition> attributes = new ArrayList<>();
    for (String field :
        Stream.concat(AnyFields.NAMES.stream(), Stream.of("page", "user_id", "visit_id"))
            .toList()) {
      for (String function : List.of("first", "last", "distinct", "sum", "count")) {
        attributes.add(
            AttributeDefinition.parse("a%s=%s(%s)".formatted(attributes.size(), function, field)));
      }
    }
    SessionJson json =
        new SessionJson(ZoneOffset.UTC, SessionAttributes.of(attributes, SkippedValues.UNCOUNTED));
    assertEquals(
        new String(json.write(new Session("v" + visitId, pages)), UTF_8),
        new String(json.write(packed("v" + visitId, pages)), UTF_8));
  }

  private static PackedSession packed(String visitId, List<VisitedPage> pages) {
    LocatedVisit first =
        new LocatedVisit(
            Visit.of(visitId, pages.get(0)), new Provenance(new SourcePosition("t", 0, 0), 0));
    VisitCursor visit = VisitPacket.of(List.of(first)).get(0).cursor();
    assertTrue(visit.next());
    byte[] state = PackedState.create(PackedState.OPEN, visit, 0);
    PageTable numbered = numbered(pages);
    ByteWriter visits = PackedState.packed(state, numbered, pages);
    state = PackedState.withVisits(state, visits.array(), 0, visits.length());
    return SortedVisits.session(state, numbered, SessionState.BEGINNING_OF_TIME);
  }

  /** Every second page is in the table. */
  private static PageTable numbered(List<VisitedPage> pages) {
    PageTable table = new PageTable();
    for (int i = 0; i < pages.size(); i += 2) {
      String page = pages.get(i).page();
      byte[] text = page == null ? new byte[0] : page.getBytes(UTF_8);
      if (table.find(text, 0, text.length) == PageTable.NONE && table.hasRoomFor(text.length)) {
        table.add(text, 0, text.length);
      }
    }
    return table;
  }
}
