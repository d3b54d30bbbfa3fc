package io.sessionizer.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalGlobTest {
  @TempDir private Path folder;

  @BeforeEach
  void createFiles() throws IOException {
    for (String name : List.of("a.jsonl", "b.jsonl", "c.txt", "in/d.jsonl", "odd[1].txt")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  @Test
  void starMatchesFilesOfOneFolder() throws IOException {
    assertEquals(List.of("a.jsonl", "b.jsonl"), files("*.jsonl"));
  }

  @Test
  void twoStarsMatchFilesOfAllFolders() throws IOException {
    assertEquals(List.of("a.jsonl", "b.jsonl", "in/d.jsonl"), files("**.jsonl"));
  }

  @Test
  void nameOfFileIsNoGlob() throws IOException {
    assertEquals(List.of("odd[1].txt"), files("odd[1].txt"));
  }

  @Test
  void nothingMatchesInMissingFolder() throws IOException {
    assertEquals(List.of(), files("none/*"));
    assertEquals(List.of(), files("none.jsonl"));
  }

  @Test
  void relativeGlobStartsAtWorkingDirectory() throws IOException {
    assertEquals(
        List.of("pom.xml"),
        LocalGlob.files("po?.xml").stream()
            .map(p -> p.toString().toLowerCase(Locale.ROOT))
            .toList());
  }

  private List<String> files(String glob) throws IOException {
    return LocalGlob.files(folder + "/" + glob).stream()
        .map(file -> folder.relativize(file).toString())
        .toList();
  }
}
