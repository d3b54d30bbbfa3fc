package io.sessionizer.repository;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The words that are not used in code and texts, each with what is written in its place, and the
 * exceptions: {@code glossary/words.txt} and {@code glossary/exceptions.txt} among the resources.
 *
 * <p>As a program it prints all uses below the current folder, by folder.
 */
final class Glossary {
  private static final Pattern RULE = Pattern.compile("(\\S+)\\s+(\\S.*?)\\s+->\\s+(.+)");
  private static final int CONTEXT = 40;

  private final List<Word> words;
  private final List<Exemption> exemptions;

  private Glossary(List<Word> words, List<Exemption> exemptions) {
    this.words = words;
    this.exemptions = exemptions;
  }

  static Glossary read() {
    return new Glossary(
        rules("words.txt").map(Word::of).toList(),
        rules("exceptions.txt").map(Exemption::of).toList());
  }

  /** A word that is not used. */
  private record Word(Set<Phrase.Kind> kinds, Pattern pattern, String instead) {
    static Word of(Matcher rule) {
      Set<Phrase.Kind> kinds =
          switch (rule.group(1)) {
            case "any" -> Set.of(Phrase.Kind.values());
            case "name" -> Set.of(Phrase.Kind.NAME, Phrase.Kind.TYPE_NAME, Phrase.Kind.TEST_NAME);
            case "type" -> Set.of(Phrase.Kind.TYPE_NAME);
            case "text" -> Set.of(Phrase.Kind.TEXT);
            default -> throw new IllegalArgumentException(rule.group());
          };
      return new Word(kinds, wholeWords(rule.group(2)), rule.group(3));
    }
  }

  /** A text in which a word is allowed. */
  private record Exemption(String path, Pattern pattern, String rule) {
    static Exemption of(Matcher rule) {
      return new Exemption(
          rule.group(1).equals("*") ? "" : rule.group(1), wholeWords(rule.group(2)), rule.group());
    }

    boolean covers(MatchResult use, Phrase phrase) {
      return phrase.file().contains(path)
          && pattern
              .matcher(phrase.text())
              .results()
              .anyMatch(exempt -> exempt.start() <= use.start() && use.end() <= exempt.end());
    }
  }

  /** A use of a word that is not used. */
  record Use(String file, int line, String word, String context, String instead) {
    @Override
    public String toString() {
      return "%s:%s: [%s] %s  ->  %s".formatted(file, line, word, context, instead);
    }
  }

  /** Returns the uses in some phrases, without the exceptions. */
  List<Use> uses(List<Phrase> phrases) {
    return uses(phrases, new HashSet<>());
  }

  /** Returns the exceptions that cover nothing in some phrases. */
  List<String> unneededExceptions(List<Phrase> phrases) {
    Set<Exemption> needed = new HashSet<>();
    uses(phrases, needed);
    return exemptions.stream()
        .filter(exemption -> !needed.contains(exemption))
        .map(Exemption::rule)
        .toList();
  }

  private List<Use> uses(List<Phrase> phrases, Set<Exemption> needed) {
    List<Use> uses = new ArrayList<>();
    for (Phrase phrase : phrases) {
      for (Word word : words) {
        if (word.kinds().contains(phrase.kind())) {
          word.pattern()
              .matcher(phrase.text())
              .results()
              .filter(use -> !isExempt(use, phrase, needed))
              .forEach(use -> uses.add(use(use, phrase, word)));
        }
      }
    }
    return uses;
  }

  private boolean isExempt(MatchResult use, Phrase phrase, Set<Exemption> needed) {
    List<Exemption> covering =
        exemptions.stream().filter(exemption -> exemption.covers(use, phrase)).toList();
    needed.addAll(covering);
    return !covering.isEmpty();
  }

  private static Use use(MatchResult use, Phrase phrase, Word word) {
    String text = phrase.text();
    int from = Math.max(0, use.start() - CONTEXT);
    int to = Math.min(text.length(), use.end() + CONTEXT);
    return new Use(
        phrase.file(),
        phrase.lineOf(use.start()),
        use.group(),
        text.substring(from, to).strip(),
        word.instead());
  }

  private static Pattern wholeWords(String words) {
    return Pattern.compile("(?<![\\w-])(?:" + words + ")(?!\\w)", Pattern.CASE_INSENSITIVE);
  }

  private static Stream<Matcher> rules(String resource) {
    try (InputStream in = Glossary.class.getResourceAsStream("/glossary/" + resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(
              line -> {
                Matcher rule = RULE.matcher(line);
                if (!rule.matches()) {
                  throw new IllegalArgumentException(resource + ": " + line);
                }
                return rule;
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void main(String[] args) throws IOException {
    List<Use> uses = read().uses(Phrase.all());
    Map<String, List<Use>> folders =
        uses.stream()
            .collect(
                Collectors.groupingBy(
                    use -> Path.of("./" + use.file()).getParent().normalize().toString(),
                    TreeMap::new,
                    Collectors.toList()));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println(uses.size() + " uses");
    folders.forEach((folder, some) -> out.println(some.size() + "  " + folder));
    folders.forEach(
        (folder, some) -> {
          out.println("\n== " + folder + " (" + some.size() + ")");
          some.forEach(out::println);
        });
  }
}
