package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.time.ZoneOffset;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

class PseudonymsTest {
  private static final int PRIVATE = ProjectedFields.id("private");
  private static final String KIM =
      "hmac-sha256:d4ad4cd4e0df0bd4d3fb1ef1fcbd2e2a38ba3bd0c2ed6f76a4ae5c77d7d0b3e6";

  private static Pseudonyms ofKey(String key) {
    return new Pseudonyms(PRIVATE, () -> key.getBytes(US_ASCII));
  }

  private static VisitedPage visit(long time, @Nullable String user, @Nullable Boolean isPrivate) {
    ProjectedFields.FieldsWriter fields = new ProjectedFields.FieldsWriter();
    if (isPrivate != null) {
      fields.add(PRIVATE, isPrivate);
    }
    return new VisitedPage(time, "/", user, fields.toFields());
  }

  private static String json(@Nullable Pseudonyms pseudonyms, VisitedPage... visits) {
    SessionJson json = new SessionJson(ZoneOffset.UTC, null, pseudonyms);
    return new String(json.write(new Session("v", List.of(visits))), UTF_8);
  }

  /** Test case 2 of RFC 4231. */
  @Test
  void pseudonymIsHmacOfUser() {
    assertEquals(
        "hmac-sha256:5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ofKey("Jefe").of("what do ya want for nothing?"));
  }

  @Test
  void pseudonymRemains() {
    assertEquals(KIM, ofKey("key").of(KIM));
    assertNotEquals(KIM.substring(1), ofKey("key").of(KIM.substring(1)));
  }

  @Test
  void onePrivateVisitMakesSessionPrivate() {
    String json =
        json(ofKey("key"), visit(0, "kim", false), visit(1, "kim", true), visit(2, "jo", null));
    assertFalse(json.contains("kim"), json);
    assertEquals(
        json(
            null,
            visit(0, ofKey("key").of("kim"), null),
            visit(1, null, null),
            visit(2, null, null)),
        json);
  }

  @Test
  void otherSessionsHaveTheirUser() {
    VisitedPage[] visits = {visit(0, "kim", false), visit(1, "kim", null)};
    assertEquals(json(null, visits), json(ofKey("key"), visits));
  }

  @Test
  void privateSessionWithoutUserHasNone() {
    VisitedPage[] visits = {visit(0, null, true)};
    assertEquals(json(null, visits), json(ofKey("key"), visits));
  }
}
