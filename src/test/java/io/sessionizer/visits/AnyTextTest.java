package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.formats.RecordPattern;
import io.sessionizer.formats.SyntaxException;
import io.sessionizer.records.Reason;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Scanners of text on any text, and on bytes that are none. */
class AnyTextTest {
  private static final String[] PIECES = {
    "a",
    "7",
    " ",
    "\"",
    "\"\"",
    ",",
    "\t",
    "\r",
    "\n",
    "\\",
    "{",
    "\u00e9",
    "\u20ac",
    "\ud83d\ude00"
  };

  /** Expressions on whose meaning RE2 and the JDK agree, without flags. */
  private static final List<String> EXPRESSIONS =
      List.of(
          "(?<a>[^,]*),(?<b>.*)",
          "(?<a>\\S+) (?<b>\\S+?)(?<c> .*)?",
          "\"(?<a>(?:[^\"\\\\]|\\\\.)*)\"(?<b>.*)",
          "(?<a>a|7)*(?<b>[^a7]*)");

  @Property(tries = 1_000)
  void columnsAreWhatWasWritten(@ForAll long seed) throws RejectedVisitException {
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    texts.add("x"); // else all could be white space
    for (int more = random.nextInt(6); more > 0; more--) {
      texts.add(text(random, random.nextInt(5)));
    }
    boolean isTsv = random.nextBoolean();
    if (isTsv) {
      texts.replaceAll(text -> text.replaceAll("[\t\r\n]", "-"));
    }
    List<String> columns = IntStream.range(0, texts.size()).mapToObj(i -> "c" + i).toList();
    FieldTree tree = TextFields.tree(columns);
    RecordFields fields = new RecordFields(columns.size());
    RecordScanner scanner =
        isTsv
            ? DelimitedScanner.ofTabs(columns, tree, fields)
            : DelimitedScanner.ofCommas(columns, tree, fields);
    String line =
        isTsv
            ? String.join("\t", texts)
            : String.join(",", texts.stream().map(text -> quoted(text, random)).toList());
    byte[] padded = ("\u00e9" + line + "\u00e9").getBytes(UTF_8);
    scanner.scan(padded, 2, padded.length - 2);
    for (int i = 0; i < texts.size(); i++) {
      assertEquals(texts.get(i), fields.text(TextFields.slot(tree, "c" + i)));
    }
  }

  @Property(tries = 1_000)
  void expressionsMatchAsThoseOfTheJdk(@ForAll long seed) throws SyntaxException {
    Random random = new Random(seed);
    String expression = EXPRESSIONS.get(random.nextInt(EXPRESSIONS.size()));
    String text = "a" + text(random, random.nextInt(12)).replaceAll("[\r\n]", "");
    Matcher model = Pattern.compile(expression).matcher(text);
    FieldTree tree = TextFields.tree(List.of("a", "b"));
    RecordFields fields = new RecordFields(2);
    byte[] bytes = text.getBytes(UTF_8);
    try {
      new RegexScanner(RecordPattern.parse(expression), tree, fields).scan(bytes, 0, bytes.length);
    } catch (RejectedVisitException e) {
      assertEquals(Reason.NOT_IN_FORMAT, e.reason());
      assertFalse(model.matches(), text);
      return;
    }
    assertTrue(model.matches(), text);
    assertEquals(model.group("b"), fields.text(TextFields.slot(tree, "b")));
  }

  @Property(tries = 1_000)
  void anyBytesAreRejectedOrText(@ForAll long seed) throws SyntaxException {
    Random random = new Random(seed);
    byte[] bytes = bytes(random);
    FieldTree tree = TextFields.tree(List.of("a", "b"));
    RecordFields fields = new RecordFields(2);
    List<RecordScanner> scanners =
        List.of(
            DelimitedScanner.ofTabs(List.of("a", "b"), tree, fields),
            DelimitedScanner.ofCommas(List.of("a", "b"), tree, fields),
            new RegexScanner(RecordPattern.parse("(?P<a>.*)(?P<b>[^a]+)"), tree, fields));
    int from = random.nextInt(bytes.length);
    int to = from + 1 + random.nextInt(bytes.length - from);
    for (RecordScanner scanner : scanners) {
      try {
        scanner.scan(bytes, from, to);
        for (int slot = 0; slot < 2; slot++) {
          assertFalse(fields.text(slot).contains("\ufffd"));
        }
      } catch (RejectedVisitException e) {
        assertTrue(
            e.reason() == Reason.NOT_IN_FORMAT || e.reason() == Reason.EMPTY, e.getMessage());
      }
    }
  }

  private static String quoted(String text, Random random) {
    boolean must = text.startsWith("\"") || text.matches("(?s).*[,\r\n].*");
    return must || random.nextBoolean() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  private static String text(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private static byte[] bytes(Random random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 1 + random.nextInt(20); i > 0; i--) {
      if (random.nextInt(8) == 0) {
        bytes.write(random.nextInt());
      } else {
        bytes.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }
}
