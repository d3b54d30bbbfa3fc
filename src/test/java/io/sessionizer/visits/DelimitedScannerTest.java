package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.records.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelimitedScannerTest {
  private static final List<String> COLUMNS = List.of("id", "other", "time", "page");
  private static final List<String> FIELDS = List.of("page", "id", "none");

  @Nested
  class Tabs {
    @Test
    void fieldsAreColumns() throws Exception {
      assertEquals(List.of("/\u00fcber", "7", "null"), tabs("7\tx\ty\t/\u00fcber"));
      assertEquals(List.of("", "", "null"), tabs("\tx\t\t"));
    }

    @Test
    void quotationMarksAreText() throws Exception {
      assertEquals(List.of("\"a\"", "\"", "null"), tabs("\"\tx\ty\t\"a\""));
    }

    @Test
    void lineEndAndByteOrderMarkAreSkipped() throws Exception {
      assertEquals(List.of("p", "7", "null"), tabs("\uFEFF7\tx\ty\tp\r\n"));
      assertEquals(List.of("p", "7", "null"), tabs("7\tx\ty\tp\n"));
      assertEquals(List.of("p\n", "7", "null"), tabs("7\tx\ty\tp\n\n"));
    }

    @Test
    void otherColumnsAreNotInFormat() {
      assertRejected(
          Reason.NOT_IN_FORMAT,
          "the value has 3 columns separated by tabs, the format has 4; it is \"a\tb\tc\"",
          "a\tb\tc");
      assertRejected(
          Reason.NOT_IN_FORMAT,
          "the value has 5 columns separated by tabs, the format has 4; it is \"a\tb\tc\td\t\"",
          "a\tb\tc\td\t");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{\"a\":1}|looks like JSON",
          "[1,2]|looks like JSON",
          "<a/>|looks like XML",
          "PAR1xxxPAR1|is a Parquet file",
          "Obj\u0001abc|is an Avro file"
        })
    void rejectionSaysWhatItLooksLike(String value, String kind) {
      assertRejected(
          Reason.NOT_IN_FORMAT,
          "the value has 1 column separated by tabs, the format has 4; it " + kind,
          value);
    }

    @Test
    void bytesThatAreNotTextAreRejected() {
      byte[] gzip = {0x1f, (byte) 0x8b, 8, 0};
      RejectedVisitException rejected =
          assertThrows(RejectedVisitException.class, () -> scan(',', gzip, 0, gzip.length));
      assertEquals(Reason.NOT_IN_FORMAT, rejected.reason());
      assertEquals(
          "the value is not UTF-8: 0x8B at byte 2; it is compressed with gzip",
          rejected.getMessage());
      assertRejected(Reason.EMPTY, "the value is white space only", " \t\n");
    }
  }

  @Nested
  class Commas {
    @Test
    void fieldsAreColumns() throws Exception {
      assertEquals(List.of("/a", "7", "null"), commas("7,x,y,/a"));
      assertEquals(List.of("", "7", "null"), commas("7,x,y,"));
    }

    @Test
    void columnsMayBeQuoted() throws Exception {
      assertEquals(List.of("a,b", "7", "null"), commas("\"7\",\"x\",y,\"a,b\""));
      assertEquals(List.of("say \"a\"", "", "null"), commas("\"\",x,y,\"say \"\"a\"\"\""));
      assertEquals(
          List.of("two\r\nlines\u00e4\"", "7", "null"), commas("7,,,\"two\r\nlines\u00e4\"\"\""));
      assertEquals(List.of("a\"b", "7", "null"), commas("7,x,y,a\"b"));
    }

    @Test
    void quotationsMustEnd() {
      assertRejected(
          ',',
          Reason.NOT_IN_FORMAT,
          "column 2 (other) has no closing quotation mark; it is \"7,\"x,y,p\"",
          "7,\"x,y,p");
      assertRejected(
          ',',
          Reason.NOT_IN_FORMAT,
          "column 4 (page) continues after its closing quotation mark; it is \"7,x,y,\"p\"q\"",
          "7,x,y,\"p\"q");
      assertRejected(
          ',',
          Reason.NOT_IN_FORMAT,
          "column 5 has no closing quotation mark; it is \"7,x,y,p,\"\"",
          "7,x,y,p,\"");
    }
  }

  @Test
  void valueIsPartOfBytes() throws Exception {
    byte[] bytes = "x\ty\t7\ta\tb\t/p\tz\t".getBytes(UTF_8);
    assertEquals(List.of("/p", "7", "null"), scan('\t', bytes, 4, 12));
  }

  @Test
  void lastOfColumnsWithOneNameCounts() throws Exception {
    FieldTree tree = TextFields.tree(List.of("a"));
    RecordFields fields = new RecordFields(1);
    DelimitedScanner scanner = DelimitedScanner.ofTabs(List.of("a", "b", "a"), tree, fields);
    scanner.scan("1\t2\t3".getBytes(UTF_8), 0, 5);
    assertEquals("3", fields.text(0));
  }

  @Test
  void nothingIsLeftOfRecordBefore() throws Exception {
    FieldTree tree = TextFields.tree(FIELDS);
    RecordFields fields = new RecordFields(FIELDS.size());
    DelimitedScanner scanner = DelimitedScanner.ofCommas(COLUMNS, tree, fields);
    byte[] first = "7,x,y,\"/a\"\"\"".getBytes(UTF_8);
    scanner.scan(first, 0, first.length);
    assertThrows(RejectedVisitException.class, () -> scanner.scan("x".getBytes(UTF_8), 0, 1));
    byte[] second = "8,x,y,\"/b\"\"\"".getBytes(UTF_8);
    scanner.scan(second, 0, second.length);
    assertEquals("/b\"", fields.text(TextFields.slot(tree, "page")));
  }

  private static List<String> tabs(String value) throws RejectedVisitException {
    byte[] bytes = value.getBytes(UTF_8);
    return scan('\t', bytes, 0, bytes.length);
  }

  private static List<String> commas(String value) throws RejectedVisitException {
    byte[] bytes = value.getBytes(UTF_8);
    return scan(',', bytes, 0, bytes.length);
  }

  private static List<String> scan(char separator, byte[] bytes, int from, int to)
      throws RejectedVisitException {
    FieldTree tree = TextFields.tree(FIELDS);
    RecordFields fields = new RecordFields(FIELDS.size());
    DelimitedScanner scanner =
        separator == '\t'
            ? DelimitedScanner.ofTabs(COLUMNS, tree, fields)
            : DelimitedScanner.ofCommas(COLUMNS, tree, fields);
    byte[] before = bytes.clone();
    scanner.scan(bytes, from, to);
    assertEquals(Arrays.toString(before), Arrays.toString(bytes));
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

  private static void assertRejected(Reason reason, String message, String value) {
    assertRejected('\t', reason, message, value);
  }

  private static void assertRejected(char separator, Reason reason, String message, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    RejectedVisitException rejected =
        assertThrows(RejectedVisitException.class, () -> scan(separator, bytes, 0, bytes.length));
    assertEquals(message, rejected.getMessage());
    assertEquals(reason, rejected.reason());
  }
}
