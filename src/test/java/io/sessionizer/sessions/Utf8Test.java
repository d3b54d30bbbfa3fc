package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Utf8;
import io.sessionizer.records.VisitedPage;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Texts as UTF-8 compare and measure as the strings do. */
class Utf8Test {
  @Property(tries = 2_000)
  void comparesAsStrings(@ForAll("texts") String a, @ForAll("texts") String b) {
    byte[] first = ("xx" + a).getBytes(UTF_8);
    byte[] second = ("y" + b + "z").getBytes(UTF_8);

    int compared = Utf8.compare(first, 2, first.length - 2, second, 1, second.length - 2);

    assertEquals(Integer.signum(a.compareTo(b)), Integer.signum(compared));
  }

  @Property(tries = 2_000)
  void countsBytesOfJsonAsSessionBytes(@ForAll("texts") String page, @ForAll long time) {
    byte[] utf8 = ("x" + page + "y").getBytes(UTF_8);

    assertEquals(
        SessionBytes.of(new VisitedPage(time, page, null)).visits(),
        SessionBytes.ofVisit(utf8, 1, utf8.length - 2, time));
    assertEquals(
        SessionBytes.of(new VisitedPage(0, null, page)).user(),
        Utf8.jsonBytes(utf8, 1, utf8.length - 2));
  }

  @Property(tries = 500)
  void countsRoomAsSessionBytes(@ForAll("texts") String visitId) {
    byte[] utf8 = visitId.getBytes(UTF_8);
    assertEquals(
        SessionBytes.room(visitId, AnyEngineTest.POLICY),
        SessionBytes.room(utf8, 0, utf8.length, AnyEngineTest.POLICY));
  }

  /** Characters of one to four bytes; those around the surrogates sort differently as UTF-8. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> characters =
        Arbitraries.oneOf(
            Arbitraries.of(
                "a",
                "\"",
                "\\",
                "\n",
                "\u007F",
                "é",
                "\uD7FF",
                "\uE000",
                "\uFFFF",
                "\uD83D\uDE00",
                "\uDBFF\uDFFF",
                "category_7"),
            Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .map(Character::toString));
    return characters.list().ofMaxSize(5).map(parts -> String.join("", parts));
  }
}
