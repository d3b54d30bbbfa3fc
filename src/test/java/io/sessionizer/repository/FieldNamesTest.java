package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.RecordHeaders;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitFormat;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names of headers and JSON fields: each in one literal of the main code. */
class FieldNamesTest {
  private static final Path MAIN = Path.of("src/main/java/io/sessionizer");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)^\\s*//.*$");
  private static final Pattern LITERAL =
      Pattern.compile("\"\"\".*?\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*\"", Pattern.DOTALL);

  /** Literals with a name in them that are not the name: file, and why. */
  private static final Set<String> EXCEPTIONS =
      Set.of(
          // A command.
          "cli/HelpGroups.java run",
          "cli/RunCommand.java run",
          // The help of a flag: an annotation takes constants, and a sentence is easier to read.
          "config/SessionizationOptions.java event_time",
          "config/SessionizationOptions.java page",
          "config/SessionizationOptions.java user_id",
          "config/SessionizationOptions.java visit_id",
          // A key of a configuration file.
          "config/ConfigFile.java attributes",
          // Names of other systems, and of one's own fields.
          "generator/EventTemplate.java page",
          "generator/EventTemplate.java user_id",
          "inspect/KnownFormat.java page",
          "inspect/KnownFormat.java user_id",
          "inspect/SampledVisits.java page",
          "inspect/TextShape.java user_id",
          "inspect/Where.java page",
          "config/SessionizationOptions.java start_time",
          "config/SessionizationOptions.java end_time");

  @Test
  void standInOneLiteralEach() throws Exception {
    TreeMap<String, List<String>> places = new TreeMap<>();
    Set<String> names = names();
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        String path = MAIN.relativize(file).toString().replace('\\', '/');
        for (String literal : literals(file)) {
          for (String name : names) {
            if (isIn(literal, name) && !EXCEPTIONS.contains(path + " " + name)) {
              places.computeIfAbsent(name, n -> new ArrayList<>()).add(path);
            }
          }
        }
      }
    }
    assertEquals(names, places.keySet());
    places.values().removeIf(of -> of.size() == 1 && of.get(0).startsWith("records/"));
    assertEquals(new TreeMap<>(), places);
  }

  private static Set<String> names() throws IllegalAccessException {
    Set<String> names = new TreeSet<>();
    for (Class<?> type : List.of(RecordHeaders.class, VisitFormat.class, SessionJson.class)) {
      for (Field field : type.getDeclaredFields()) {
        field.setAccessible(true);
        if (field.getType() == String.class) {
          names.add((String) field.get(null));
        }
      }
    }
    return names;
  }

  /** A word that is nothing but a name is one only by itself: {@code page}. */
  private static boolean isIn(String literal, String name) {
    return name.matches("[a-z]+")
        ? literal.equals("\"" + name + "\"")
        : Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?!\\w)").matcher(literal).find();
  }

  private static List<String> literals(Path file) throws IOException {
    List<String> literals = new ArrayList<>();
    Matcher literal = LITERAL.matcher(COMMENT.matcher(Files.readString(file)).replaceAll(""));
    while (literal.find()) {
      literals.add(literal.group());
    }
    return literals;
  }
}
