package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.repository.Glossary.Use;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One concept, one word: in names, comments, strings and scripts. */
class GlossaryTest {
  private static final int MOST_WORDS = 8;

  private static final Glossary GLOSSARY = Glossary.read();

  private static List<Phrase> phrases;

  @BeforeAll
  static void readPhrases() throws IOException {
    phrases = Phrase.all();
    assertTrue(phrases.size() > 10_000, "few phrases: " + phrases.size());
  }

  @Test
  void usesGlossaryWords() {
    List<Use> uses = GLOSSARY.uses(phrases);

    assertTrue(
        uses.isEmpty(),
        () -> uses.stream().map(Use::toString).collect(Collectors.joining("\n", "\n", "\n")));
  }

  @Test
  void needsEveryException() {
    assertEquals(List.of(), GLOSSARY.unneededExceptions(phrases));
  }

  @Test
  void testNamesHaveAtMostEightWords() {
    assertEquals(
        List.of(),
        phrases.stream()
            .filter(phrase -> phrase.kind() == Phrase.Kind.TEST_NAME)
            .filter(phrase -> phrase.text().split(" ").length > MOST_WORDS)
            .map(phrase -> phrase.file() + ": " + phrase.text())
            .toList());
  }

  @Test
  void reportsWordAndLine(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("A.java"),
            """
            /**
             * Visits that are
             * held; {@code settled=} stays.
             */
            class HeldVisits {
              // A session is let
              // go. A "quoted" watermark is held back.
              void letGo(int dueMillis) {
                throw new Exception("it is " + dueMillis + " that is"
                    + " taken, and not 'dueMillis'");
              }

              @Override
              public void await() {}
            }
            """);

    assertEquals(
        List.of("3: held", "5: held", "6: let go", "8: due", "8: let go", "9: is taken"),
        GLOSSARY.uses(Phrase.ofJava(List.of(file))).stream()
            .map(use -> use.line() + ": " + use.word())
            .sorted()
            .toList());
  }
}
