package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProduceCommandTest {
  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();

  @Test
  void namesMissingFile() {
    Path file = folder.resolve("visits.jsonl");

    assertEquals(3, produce("--input=" + file));
    assertEquals(
        "sessionizer: cannot read %s (no such file): name another file with --input\n"
            .formatted(file),
        err.toString());
  }

  @Test
  void namesDirectory() {
    assertEquals(3, produce("--input=" + folder));
    assertEquals(
        "sessionizer: cannot read %s (it is a directory): name another file with --input\n"
            .formatted(folder),
        err.toString());
  }

  @Test
  void namesUnreachableBroker() throws IOException {
    Path file = Files.createFile(folder.resolve("visits.jsonl"));
    String address = "127.0.0.1:" + closedPort();

    assertEquals(3, produce("--input=" + file, "--bootstrapServers=" + address));
    assertTrue(
        err.toString().startsWith("sessionizer: no Kafka broker responds at " + address),
        err.toString());
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void helpFitsScreen() {
    List<String> help = CommandLines.help("produce").lines().toList();

    assertTrue(help.size() <= 40, () -> String.join("\n", help));
    help.forEach(line -> assertTrue(line.length() <= 80, line));
    assertTrue(help.stream().anyMatch(line -> line.contains("jq -c ")), help::toString);
  }

  @Nested
  class Lines {
    @Test
    void lineFeedAtEndStartsNoLine() throws Exception {
      assertEquals(List.of("a", "b"), lines("a\nb\n"));
    }

    @Test
    void lastLineNeedsNoLineFeed() throws Exception {
      assertEquals(List.of("a", "b"), lines("a\nb"));
    }

    @Test
    void emptyLineIsLine() throws Exception {
      assertEquals(List.of("", "a", ""), lines("\na\n\n"));
    }

    @Test
    void emptyFileHasNoLines() throws Exception {
      assertEquals(List.of(), lines(""));
    }

    @Test
    void carriageReturnIsPartOfLineEnd() throws Exception {
      assertEquals(List.of("a", "b\rc", ""), lines("a\r\nb\rc\r\n\r\n"));
    }

    @Test
    void lineMayBeLongerThanBuffer() throws Exception {
      String large = "x".repeat(200_000);

      assertEquals(List.of(large, "a", large), lines(large + "\na\n" + large + "\n"));
    }

    @Test
    void bytesNeedNotBeText() throws Exception {
      byte[] bytes = {(byte) 0xff, 0, (byte) 0xc3, 13, 7};
      Path file = Files.write(folder.resolve("bytes"), bytes);

      try (LineInput input = LineInput.open(file.toString())) {
        assertArrayEquals(bytes, input.next());
      }
    }

    private List<String> lines(String text) throws Exception {
      Path file = Files.writeString(folder.resolve("lines"), text);
      List<String> lines = new ArrayList<>();
      try (LineInput input = LineInput.open(file.toString())) {
        for (byte[] line = input.next(); line != null; line = input.next()) {
          lines.add(new String(line, StandardCharsets.UTF_8));
        }
      }
      return lines;
    }
  }

  private int produce(String... args) {
    List<String> line = new ArrayList<>(List.of("produce"));
    line.addAll(List.of(args));
    return Sessionizer.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute(line.toArray(String[]::new));
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
