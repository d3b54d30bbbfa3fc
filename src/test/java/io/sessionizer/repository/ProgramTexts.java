package io.sessionizer.repository;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The texts in the source of the program, to find those that a page cites. */
public final class ProgramTexts {
  private static final Pattern SOURCE = Pattern.compile(".*\\.(?:java|js|html)");

  /** Where a literal continues in the next one. */
  private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");

  /** Stands for a value in a text of a page. */
  private static final Pattern VALUE = Pattern.compile("\\.\\.\\.");

  private final List<String> sources;

  private ProgramTexts(List<String> sources) {
    this.sources = sources;
  }

  /** Reads the source of a package, such as {@code watch}, its scripts and those in it. */
  public static ProgramTexts in(String name) throws IOException {
    List<String> sources = new ArrayList<>();
    for (String root : List.of("src/main/java", "src/main/resources")) {
      Path folder = Path.of(root, "io/sessionizer", name);
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files
              .filter(file -> SOURCE.matcher(file.toString()).matches())
              .map(ProgramTexts::withoutConcatenations)
              .forEach(sources::add);
        }
      }
    }
    return new ProgramTexts(sources);
  }

  /** Returns those of some texts, with {@code ...} for values, that no source file has. */
  public Set<String> missing(List<String> texts) {
    return texts.stream().filter(text -> !contains(text)).collect(toCollection(TreeSet::new));
  }

  private boolean contains(String text) {
    List<String> parts =
        VALUE.splitAsStream(text).map(String::strip).filter(part -> !part.isEmpty()).toList();
    return sources.stream().anyMatch(source -> parts.stream().allMatch(source::contains));
  }

  private static String withoutConcatenations(Path file) {
    try {
      return CONCATENATION.matcher(Files.readString(file)).replaceAll("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
