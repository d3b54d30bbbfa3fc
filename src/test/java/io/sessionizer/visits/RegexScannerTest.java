package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.formats.RecordPattern;
import io.sessionizer.records.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegexScannerTest {
  private static final List<String> FIELDS = List.of("page", "id", "none");

  @Test
  void namedGroupsAreFields() throws Exception {
    assertEquals(
        List.of("/\u00fcber \u20ac", "\u00e4", "null"),
        scan("(?P<id>\\S+) (?P<page>.*)", "\u00e4 /\u00fcber \u20ac"));
  }

  @Test
  void groupWithoutPartIsMissing() throws Exception {
    String either = "(?:(?P<id>[0-9]+)|(?P<page>[a-z]*))";
    assertEquals(List.of("null", "7", "null"), scan(either, "7"));
    assertEquals(List.of("abc", "null", "null"), scan(either, "abc"));
  }

  @Test
  void emptyGroupIsEmptyText() throws Exception {
    assertEquals(List.of("", "7", "null"), scan("(?P<id>7)(?P<page>x*)", "7"));
  }

  @Test
  void wholeValueMustMatch() {
    assertRejected(
        "the value does not match the regular expression; it is \"x7\"", "(?P<id>7)", "x7");
    assertRejected(
        "the value does not match the regular expression; it looks like JSON",
        "(?P<id>7)",
        "{\"id\":7}");
  }

  @Test
  void lineEndIsLeftOut() throws Exception {
    assertEquals(List.of("null", "7", "null"), scan("(?P<id>.)", "7\r\n"));
  }

  @Test
  void valueIsPartOfBytes() throws Exception {
    FieldTree tree = TextFields.tree(FIELDS);
    RecordFields fields = new RecordFields(FIELDS.size());
    RegexScanner scanner =
        new RegexScanner(RecordPattern.parse("(?P<id>\\d)(?P<page>/.*)"), tree, fields);
    scanner.scan("...7/abc...".getBytes(UTF_8), 3, 8);
    assertEquals(List.of("/abc", "7", "null"), texts(tree, fields));
  }

  @Test
  void longValuesAreTooLarge() {
    RejectedVisitException rejected =
        assertThrows(RejectedVisitException.class, () -> scan("(?P<id>x*)", "x".repeat(65_537)));
    assertEquals(Reason.TOO_LARGE, rejected.reason());
    assertEquals(
        "the value has 65537 bytes, with a regular expression 65536 at most",
        rejected.getMessage());
  }

  private static void assertRejected(String message, String expression, String value) {
    RejectedVisitException rejected =
        assertThrows(RejectedVisitException.class, () -> scan(expression, value));
    assertEquals(message, rejected.getMessage());
    assertEquals(Reason.NOT_IN_FORMAT, rejected.reason());
  }

  private static List<String> scan(String expression, String value) throws Exception {
    FieldTree tree = TextFields.tree(FIELDS);
    RecordFields fields = new RecordFields(FIELDS.size());
    byte[] bytes = value.getBytes(UTF_8);
    new RegexScanner(RecordPattern.parse(expression), tree, fields).scan(bytes, 0, bytes.length);
    return texts(tree, fields);
  }

  private static List<String> texts(FieldTree tree, RecordFields fields) {
    List<String> texts = new ArrayList<>();
    for (String field : FIELDS) {
      int slot = TextFields.slot(tree, field);
      texts.add(fields.type(slot) == RecordFields.MISSING ? "null" : fields.text(slot));
    }
    return texts;
  }
}
