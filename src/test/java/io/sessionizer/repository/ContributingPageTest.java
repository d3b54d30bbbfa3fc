package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The example of CONTRIBUTING.md can be followed. */
class ContributingPageTest {
  private static final Pattern SEARCH = Pattern.compile("(?m)^grep -rn '(.*)' (\\S+)");
  private static final Pattern TEST = Pattern.compile("-Dtest=(\\w+)\n");

  @Test
  void exampleMessageIsInCodeAndTest() throws IOException {
    String page = Files.readString(Path.of("CONTRIBUTING.md"));
    Map<String, List<Path>> found =
        SEARCH
            .matcher(page)
            .results()
            .collect(Collectors.toMap(s -> s.group(2), s -> filesWith(s.group(1), s.group(2))));
    Matcher test = TEST.matcher(page);
    assertTrue(test.find());

    Path code = found.get("src/main").get(0);
    assertTrue(page.contains("`" + code + "`"), code::toString);
    assertEquals(List.of(code), found.get("src/main"));
    assertEquals(
        List.of(test.group(1) + ".java"),
        found.get("src/test").stream().map(file -> file.getFileName().toString()).toList());
  }

  private static List<Path> filesWith(String text, String folder) {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(Files::isRegularFile).filter(file -> contains(file, text)).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return file.toString().endsWith(".java") && Files.readString(file).contains(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
