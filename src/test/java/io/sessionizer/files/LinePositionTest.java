package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Positions in files for people. */
class LinePositionTest {
  @TempDir private Path folder;

  @Test
  void countsLinesOfText() throws Exception {
    Path file = Files.writeString(folder.resolve("a@b.jsonl"), "one\n\ntwo\nthree\n");
    assertEquals(file + " line 1, byte 0", LinePosition.of(file + "@0"));
    assertEquals(file + " line 3, byte 5", LinePosition.of(file + "@5"));
  }

  @Test
  void countsLinesOfArchive() throws Exception {
    Path file = folder.resolve("a.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("line\n".repeat(100_000).getBytes(UTF_8));
    }
    assertEquals(file + " line 80001, byte 400000", LinePosition.of(file + "@400000"));
  }

  @Test
  void missingFileHasNoLine() {
    Path file = folder.resolve("deleted");
    assertEquals(file + ", byte 5", LinePosition.of(file + "@5"));
    assertEquals("standard input, byte 5", LinePosition.of("-@5"));
  }
}
