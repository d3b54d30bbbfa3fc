package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.PackedSession;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitedPage;
import java.time.ZoneId;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A session that stays bytes is sorted and written as one of objects. */
class AnyPackedSessionTest extends AnySessionTest {
  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void packedVisitsAreSortedAsObjects(
      @ForAll("texts") String visitId, @ForAll("pages") List<VisitedPage> pages) {
    assertEquals(new Session(visitId, pages), packed(visitId, pages).unpacked());
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void packedSessionHasSameJson(
      @ForAll("texts") String visitId,
      @ForAll("pages") List<VisitedPage> pages,
      @ForAll("zones") ZoneId zone) {
    SessionJson json = new SessionJson(zone);
    assertEquals(
        new String(json.write(new Session(visitId, pages)), UTF_8),
        new String(json.write(packed(visitId, pages)), UTF_8));
  }

  private static PackedSession packed(String visitId, List<VisitedPage> pages) {
    VisitedPage first = pages.get(0);
    byte[] user = first.userId() == null ? new byte[0] : first.userId().getBytes(UTF_8);
    byte[] id = visitId.getBytes(UTF_8);
    byte[] texts = new byte[id.length + user.length];
    System.arraycopy(id, 0, texts, 0, id.length);
    System.arraycopy(user, 0, texts, id.length, user.length);
    byte[] state =
        PackedState.create(
            PackedState.OPEN,
            texts,
            0,
            id.length,
            id.length,
            first.userId() == null ? -1 : user.length,
            first.eventTimeMillis(),
            0,
            0);
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
