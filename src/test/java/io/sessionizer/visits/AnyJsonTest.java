package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Reading in place and a JSON parser alone are one: the same visit, or the same reason and message.
 */
class AnyJsonTest {
  private static final List<VisitFields> SHAPES =
      List.of(
          VisitFields.DEFAULT,
          NamedFields.of("/context/visit_id", "event_time", "/context/user_id", "/context/page"),
          NamedFields.of("/page/0", "/context/0", "/context/page/user_id", "visit_id"));

  private static final String[] NAMES = {
    "visit_id",
    "event_time",
    "user_id",
    "page",
    "context",
    "visit_ic",
    "visit_id2",
    "",
    "0",
    "\u00e9"
  };

  @Property(tries = 2_000)
  void agreesOnAnyJson(@ForAll long seed) {
    Random random = new Random(seed);
    List<VisitReader> readers = SHAPES.stream().map(VisitReader::new).toList();
    for (int i = 0; i < 20; i++) {
      byte[] json = new AnyJson(random).object();
      for (int mutations = random.nextInt(8) - 5; mutations > 0; mutations--) {
        json[random.nextInt(json.length)] = (byte) random.nextInt(256);
      }
      int shape = random.nextInt(SHAPES.size());
      assertAgreeWithin(readers.get(shape), SHAPES.get(shape), json, random);
    }
  }

  @Property(tries = 1_000)
  void agreesOnSimilarRecords(@ForAll long seed) {
    Random random = new Random(seed);
    int shape = random.nextInt(SHAPES.size());
    VisitReader reader = new VisitReader(SHAPES.get(shape));
    List<byte[]> seen = new ArrayList<>();
    seen.add(new AnyJson(random).object());
    for (int i = 0; i < 40; i++) {
      byte[] json = seen.get(random.nextInt(seen.size()));
      json = random.nextInt(4) == 0 ? json : changed(json, random);
      seen.add(json);
      assertAgreeWithin(reader, SHAPES.get(shape), json, random);
    }
  }

  /** Inserts, removes or replaces some bytes. */
  private static byte[] changed(byte[] json, Random random) {
    int from = random.nextInt(json.length);
    int to = from + random.nextInt(Math.min(3, json.length - from + 1));
    byte[] piece =
        random.nextBoolean()
            ? Arrays.copyOf(json, random.nextInt(2))
            : "abcdefgh0\"1\\n,:}".substring(random.nextInt(10)).getBytes(StandardCharsets.UTF_8);
    byte[] changed = Arrays.copyOf(json, json.length + piece.length - (to - from));
    System.arraycopy(piece, 0, changed, from, piece.length);
    System.arraycopy(json, to, changed, from + piece.length, json.length - to);
    return changed;
  }

  @Property(tries = 50)
  void agreesOnAnyNesting(@ForAll long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      int depth = random.nextInt(600);
      StringBuilder opening = new StringBuilder();
      StringBuilder closing = new StringBuilder();
      for (int level = 0; level < depth; level++) {
        boolean isObject = random.nextBoolean();
        opening.append(isObject ? "{\"page\":" : "[");
        closing.insert(0, isObject ? "}" : "]");
      }
      byte[] json =
          ("{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:18:00Z\",\"context\":"
                  + (opening + "1" + closing)
                  + "}")
              .getBytes(StandardCharsets.UTF_8);
      VisitFields fields = SHAPES.get(random.nextInt(SHAPES.size()));
      assertAgree(new VisitReader(fields), fields, json, 0, json.length);
    }
  }

  /** Reads the JSON with other bytes before and behind it, as in a buffer of many records. */
  private static void assertAgreeWithin(
      VisitReader reader, VisitFields fields, byte[] json, Random random) {
    int from = random.nextInt(20);
    int to = from + json.length;
    byte[] buffer = new byte[to + random.nextInt(20)];
    random.nextBytes(buffer);
    System.arraycopy(json, 0, buffer, from, json.length);
    if (random.nextBoolean()) {
      Arrays.fill(buffer, to, buffer.length, (byte) "\"} 1".charAt(random.nextInt(4)));
    }
    assertAgree(reader, fields, buffer, from, to);
  }

  private static void assertAgree(
      VisitReader reader, VisitFields fields, byte[] json, int from, int to) {
    assertEquals(
        reading(new VisitReader(fields, ParsedJsonScanner::new), json, from, to),
        reading(reader, json, from, to),
        () -> HexFormat.of().formatHex(json, from, to));
  }

  private static String reading(VisitReader reader, byte[] json, int from, int to) {
    try {
      reader.read(json, from, to, null);
      return reader.visit().toString();
    } catch (RejectedVisitException e) {
      return e.reason() + ": " + e.getMessage();
    }
  }

  /** Makes up objects: mostly visits, of all that JSON allows and some that it does not. */
  private static final class AnyJson {
    private final Random random;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final boolean hasSpaces;
    private final boolean isOdd;

    AnyJson(Random random) {
      this.random = random;
      this.hasSpaces = random.nextInt(3) == 0;
      this.isOdd = random.nextInt(3) == 0;
    }

    byte[] object() {
      write(isOdd && random.nextInt(10) == 0 ? "\ufeff" : "");
      space();
      List<Runnable> members = new ArrayList<>();
      members.add(() -> member("visit_id", this::id));
      members.add(() -> member("event_time", this::time));
      members.add(() -> member("user_id", this::id));
      members.add(() -> member("page", this::text));
      members.add(() -> member("context", () -> value(0)));
      for (int more = random.nextInt(4); more > 0; more--) {
        members.add(() -> member(pick(NAMES), () -> value(0)));
      }
      Collections.shuffle(members, random);
      list('{', '}', members.subList(random.nextInt(8) / 7, members.size()));
      space();
      return bytes.toByteArray();
    }

    private void list(char open, char close, List<Runnable> parts) {
      write("" + open);
      space();
      for (int i = 0; i < parts.size(); i++) {
        if (i > 0) {
          write(",");
          space();
        }
        parts.get(i).run();
        space();
      }
      write("" + close);
    }

    private void member(String name, Runnable value) {
      write(
          '"'
              + (isOdd && random.nextInt(20) == 0
                  ? name.replace(
                      "_", pick("\\u005f", "\\udc00", "\\ud83d", "\\ud83d\\ude00", "\\/"))
                  : name)
              + '"');
      space();
      write(":");
      space();
      value.run();
    }

    private void id() {
      if (random.nextInt(6) == 0) {
        value(2);
      } else {
        text();
      }
    }

    private void value(int nesting) {
      switch (random.nextInt(nesting < 4 ? 9 : 6)) {
        case 0 -> text();
        case 1 -> number();
        case 2 -> write("true");
        case 3 -> write("false");
        case 4 -> write("null");
        case 5 -> time();
        case 6 -> list('[', ']', parts(() -> value(nesting + 1)));
        default -> list('{', '}', parts(() -> member(pick(NAMES), () -> value(nesting + 1))));
      }
    }

    private List<Runnable> parts(Runnable part) {
      return Collections.nCopies(random.nextInt(4), part);
    }

    private void number() {
      write(
          pick("", "-")
              + pick("0", "7", "120", "12345678901234567890", isOdd ? "01" : "10")
              + pick("", "", ".5", ".123456789", isOdd ? "." : ".0")
              + pick("", "", "e5", "E+10", "e-3", isOdd ? "e" : "e0"));
    }

    /** A text; its length in bytes is often about a multiple of eight. */
    private void text() {
      write("\"");
      int length = random.nextInt(4) == 0 ? random.nextInt(3) : 8 * random.nextInt(5);
      for (int i = Math.max(0, length + random.nextInt(3) - 1); i > 0; i--) {
        write(
            isOdd && random.nextInt(10) == 0
                ? pick(
                    "\u00e9",
                    "\u20ac",
                    "\ud83d\ude00",
                    "\u2003",
                    "\\n",
                    "\\u0041",
                    "\\ud83d",
                    "\\udc00",
                    "\\\"",
                    "\\q",
                    "\t")
                : pick("a", "Z", "_", " ", "/", "~", "\u007f"));
      }
      if (isOdd && random.nextInt(200) == 0) {
        write("x".repeat(4090 + random.nextInt(10)));
      }
      write("\"");
    }

    private void time() {
      write(
          '"'
              + pick("2024-01-01", "2024-01-01", "1969-12-31", "2023-02-29", "0000-02-29")
              + pick("T", "t", " ", isOdd ? "-" : "T")
              + pick("00:18", "23:59", isOdd ? "24:00" : "23:00", isOdd ? "12:60" : "12:59")
              + pick("", ":00", ":59", ":59.9", ":00.123", ":00,123456789", isOdd ? ":60" : ":01")
              + pick("", "Z", "z", "+00:00", "+0530", "-18:00", "+01", isOdd ? "+18:01" : "-00:30")
              + '"');
    }

    private void space() {
      if (hasSpaces && random.nextInt(3) == 0) {
        write(pick(" ", "\n", "\t", "\r", "  ", "         ", isOdd ? "\f" : " "));
      }
    }

    private String pick(String... choices) {
      return choices[random.nextInt(choices.length)];
    }

    private void write(String text) {
      bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
