package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.testing.Page;
import io.sessionizer.testing.Page.Block;
import io.sessionizer.testing.Page.Piece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What every page names exists: files, headings, commands, flags, tests. */
class PagesTest {
  private static final int WIDTH = 120;
  private static final Set<String> LANGUAGES =
      Set.of("sh", "text", "json", "yaml", "sql", "java", "properties", "mermaid");
  private static final Pattern NAMED_TEST = Pattern.compile("(\\w+(?:Test|IT))(?:\\.(\\w+))?");
  private static final Pattern NAMED_FILE =
      Pattern.compile("(?:src|bench|docs|docker|runners|\\.ci)/[\\w./-]+");

  static List<Page> pages() throws IOException {
    return Page.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Page page) {
    assertEquals(List.of(), page.problems(page.targets(), target -> problem(page, target)));
  }

  private static String problem(Page page, Piece target) {
    if (target.text().startsWith("https://") || target.text().startsWith("http://127.0.0.1:")) {
      return "";
    }
    String[] parts = target.text().split("#", 2);
    Path file = parts[0].isEmpty() ? page.path() : page.path().resolveSibling(parts[0]).normalize();
    if (!Files.exists(file)) {
      return target.text() + ": no such file";
    }
    return parts.length == 1 || Page.of(file).anchors().contains(parts[1])
        ? ""
        : target.text() + ": no such heading";
  }

  @ParameterizedTest
  @MethodSource("pages")
  void namedFilesExist(Page page) {
    assertEquals(
        List.of(),
        page.problems(
            page.codes(),
            code ->
                NAMED_FILE.matcher(code.text()).matches() && !Files.exists(Path.of(code.text()))
                    ? code.text() + ": no such file"
                    : ""));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void namedTestsExist(Page page) {
    assertEquals(
        List.of(),
        page.problems(
            page.codes(),
            code -> {
              Matcher test = NAMED_TEST.matcher(code.text());
              if (!test.matches() || (code.line() < page.testsLine() && isManual(page))) {
                return "";
              }
              return code.line() < page.testsLine()
                  ? code.text() + ": tests are named in the section " + Page.TESTS
                  : missing(test.group(1), test.group(2));
            }));
  }

  /** Pages about the development of the project are about its tests. */
  private static boolean isManual(Page page) {
    return Set.of("CONTRIBUTING.md", "CHANGELOG.md").contains(page.path().toString());
  }

  private static String missing(String type, String method) {
    for (String folder :
        List.of("src/test/java", "bench/src/test/java", "runners/spark/test/java")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        List<Path> named = files.filter(file -> file.endsWith(type + ".java")).toList();
        for (Path file : named) {
          return method == null || declares(Files.readString(file), method)
              ? ""
              : type + " has no " + method;
        }
      } catch (IOException e) {
        return e.toString();
      }
    }
    return type + ": no such test";
  }

  /** Whether it has such a method, or such a rule of ArchUnit, which is a field. */
  private static boolean declares(String source, String test) {
    return source.contains("void " + test + "(") || source.contains("ArchRule " + test + " ");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandsExist(Page page) {
    List<String> problems = new ArrayList<>();
    page.blocks("sh")
        .forEach(
            block ->
                ShellCommand.in(block.code())
                    .forEach(
                        command ->
                            command
                                .problems()
                                .forEach(
                                    problem ->
                                        problems.add(
                                            "%s:%s: %s".formatted(page, block.line(), problem)))));
    assertEquals(List.of(), problems);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void mentionedFlagsExist(Page page) throws IOException {
    Set<String> known = KnownFlags.all();
    assertEquals(
        List.of(),
        page.problems(
            Stream.concat(page.codes().stream(), page.prose().stream()).toList(),
            piece ->
                KnownFlags.in(piece.text()).stream()
                    .filter(flag -> !KnownFlags.isKnown(flag, known))
                    .map(flag -> flag + ": no such flag")
                    .findFirst()
                    .orElse("")));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void blocksHaveLanguage(Page page) {
    assertEquals(
        List.of(),
        page.blocks().stream()
            .filter(block -> !LANGUAGES.contains(block.language()))
            .map(block -> page + ":" + block.line() + ": '" + block.language() + "'")
            .toList());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void dataBlocksAreWellFormed(Page page) {
    List<String> problems = new ArrayList<>();
    page.blocks("json").forEach(block -> json(page, block, problems));
    page.blocks("yaml").forEach(block -> yaml(page, block, problems));
    assertEquals(List.of(), problems);
  }

  private static void json(Page page, Block block, List<String> problems) {
    try (MappingIterator<JsonNode> values =
        new ObjectMapper().readerFor(JsonNode.class).readValues(block.code())) {
      assertTrue(values.hasNextValue(), block.code());
      values.readAll();
    } catch (IOException e) {
      problems.add("%s:%s: %s".formatted(page, block.line(), e.getMessage()));
    }
  }

  private static void yaml(Page page, Block block, List<String> problems) {
    try {
      new Load(LoadSettings.builder().build()).loadFromString(block.code());
    } catch (RuntimeException e) {
      problems.add("%s:%s: %s".formatted(page, block.line(), e.getMessage()));
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linesFit(Page page) {
    assertEquals(
        List.of(),
        IntStream.rangeClosed(1, page.lines().size())
            .filter(line -> page.lines().get(line - 1).length() > WIDTH)
            .filter(line -> !page.isUnwrappable(line))
            .mapToObj(line -> page + ":" + line)
            .toList());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void hasOneTitle(Page page) {
    assertEquals(1, page.titles(1).size());
  }

  /** The pages in {@code docs}. */
  @Nested
  class Docs {
    @Test
    void endWithTests() throws IOException {
      for (Page page : pages()) {
        if (page.path().startsWith("docs")) {
          List<String> sections = page.titles(2);
          assertEquals(Page.TESTS, sections.get(sections.size() - 1), page.toString());
        }
      }
    }

    @Test
    void areInIndexOfReadme() throws IOException {
      List<String> targets =
          Page.of(Path.of("README.md")).targets().stream().map(Piece::text).toList();
      assertEquals(
          List.of(),
          pages().stream()
              .map(page -> page.path().toString())
              .filter(path -> path.startsWith("docs/") || path.startsWith("runners/"))
              .filter(path -> !targets.contains(path))
              .toList());
    }
  }

  /** The first page. */
  @Nested
  class Readme {
    private static final int MOST_LINES = 160;
    private static final int MOST_WORDS = 1600;

    private final Page readme = Page.of(Path.of("README.md"));

    @Test
    void isShort() {
      assertTrue(readme.lines().size() <= MOST_LINES, readme.lines().size() + " lines");
      long words =
          readme.lines().stream()
              .flatMap(line -> Stream.of(line.strip().split("\\s+")))
              .filter(word -> word.matches(".*\\w.*"))
              .count();
      assertTrue(words <= MOST_WORDS, words + " words");
      assertEquals(
          List.of(), readme.lines().stream().filter(line -> line.length() > WIDTH).toList());
    }

    @Test
    void namesNoTest() {
      assertEquals(
          List.of(),
          readme.codes().stream()
              .filter(code -> NAMED_TEST.matcher(code.text()).matches())
              .toList());
    }
  }
}
