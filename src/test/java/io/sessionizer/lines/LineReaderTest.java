package io.sessionizer.lines;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static final int LONG_ENOUGH = 1 << 20;

  @Test
  void linesEndAtLineFeeds() throws IOException {
    assertEquals(List.of("a@0", "b@2", "c@4"), lines("a\nb\nc", LONG_ENOUGH));
  }

  @Test
  void carriageReturnBelongsToLineEnding() throws IOException {
    assertEquals(List.of("a@0", "b@3"), lines("a\r\nb\r\n", LONG_ENOUGH));
  }

  @Test
  void loneCarriageReturnIsText() throws IOException {
    assertEquals(List.of("a\rb@0", "c\r\r@4"), lines("a\rb\nc\r\r\r\n", LONG_ENOUGH));
  }

  @Test
  void skipsBlankLines() throws IOException {
    assertEquals(List.of("a@7"), lines("\n\r\n \t\r\na\n\n", LONG_ENOUGH));
    assertEquals(List.of(), lines("\n\n", LONG_ENOUGH));
    assertEquals(List.of(), lines("", LONG_ENOUGH));
  }

  @Test
  void keepsBeginningOfLongLine() throws IOException {
    assertEquals(List.of("abc@0", "abc...4@4", "abc...5@9"), lines("abc\nabcd\nabcde", 3));
    assertEquals(List.of("abc@0", "abc...4@5"), lines("abc\r\nabcd\r\n", 3));
  }

  @Test
  void readsOnAfterVeryLongLines() throws IOException {
    String veryLong = "x".repeat(700_000);
    assertEquals(
        List.of("a@0", "xx...700000@2", "b@700003", "xx...700000@700005", "xx...700000@1400006"),
        lines("a\n" + veryLong + "\nb\n" + veryLong + "\n" + veryLong + "\n", 2));
    assertEquals(List.of("xx...700000@0", "b@700002"), lines(veryLong + "\r\nb\r\n", 2));
  }

  @Test
  void memoryIsThatOfTheLongestKeptLine() throws IOException {
    InputStream endless =
        new InputStream() {
          private long left = 3L << 30;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] to, int from, int length) {
            int read = (int) Math.min(left, length);
            left -= read;
            return read == 0 ? -1 : read;
          }
        };
    try (LineReader reader = new LineReader(endless, 0, 10)) {
      assertTrue(reader.next());
      assertEquals(3L << 30, reader.length());
      assertTrue(reader.bytes().length < 1 << 20);
      assertFalse(reader.next());
    }
  }

  @Test
  void anyTextIsSplitAsByModel() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 300; round++) {
      int maxBytes = 1 + random.nextInt(round % 3 == 0 ? 500_000 : 20);
      String text = text(random, maxBytes);
      assertEquals(model(text, maxBytes), lines(text, maxBytes), () -> "of " + text.length());
    }
  }

  private static String text(Random random, int maxBytes) {
    StringBuilder text = new StringBuilder();
    for (int line = random.nextInt(8); line >= 0; line--) {
      int length =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(5);
            case 2 -> Math.max(0, maxBytes + random.nextInt(5) - 2);
            default -> random.nextInt(600_000);
          };
      text.append(String.valueOf((char) ('a' + random.nextInt(26))).repeat(length));
      text.append(List.of("\n", "\r\n", "\r", " \n", "").get(random.nextInt(5)));
    }
    return text.toString();
  }

  private static List<String> model(String text, int maxBytes) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int feed = text.indexOf('\n', from);
      int end = feed < 0 ? text.length() : feed;
      String line = text.substring(from, end);
      if (feed > 0 && line.endsWith("\r")) {
        line = line.substring(0, line.length() - 1);
      }
      if (line.length() > maxBytes) {
        lines.add(line.substring(0, maxBytes) + "..." + line.length() + "@" + from);
      } else if (!line.isBlank()) {
        lines.add(line + "@" + from);
      }
      from = end + 1;
    }
    return lines;
  }

  private static List<String> lines(String text, int maxBytes) throws IOException {
    List<String> lines = new ArrayList<>();
    InputStream in = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    try (LineReader reader = new LineReader(in, 0, maxBytes)) {
      while (reader.next()) {
        String kept =
            new String(reader.bytes(), reader.from(), reader.to() - reader.from(), ISO_8859_1);
        lines.add(kept + (reader.isCut() ? "..." + reader.length() : "") + "@" + reader.position());
      }
    }
    return lines;
  }
}
