package io.sessionizer.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The names of the topics.
 *
 * @param visits read; in the order of their names, so that the order of a flag makes no other job
 * @param sessions written
 * @param lateVisits for visits that came too late
 * @param deadLetters for rejected records
 */
public record TopicNames(
    List<String> visits, String sessions, String lateVisits, String deadLetters) {
  /** What a name must be, for a message. */
  public static final String EXPECTED = "must be 1 to 249 letters, digits, dots, '_' or '-'";

  private static final Pattern NAME = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{1,249}");
  private static final String VISITS = "--visitsTopic";

  /** Those of a job without flags. */
  public static final TopicNames USUAL =
      new TopicNames(List.of("visits"), "sessions", "late-visits", "dead-letters");

  /** Sorts the topics that are read. */
  public TopicNames {
    visits = visits.stream().sorted().toList();
  }

  /** Returns those of a job that reads topics, and has no flag for the others. */
  public static TopicNames ofVisits(List<String> visits) {
    return new TopicNames(visits, USUAL.sessions, USUAL.lateVisits, USUAL.deadLetters);
  }

  /** Returns the flags of names that are not the usual ones, each behind a blank. */
  public String asFlags() {
    return flag(VISITS, visitsAsFlag(), USUAL.visitsAsFlag())
        + flag("--sessionsTopic", sessions, USUAL.sessions)
        + flag("--lateVisitsTopic", lateVisits, USUAL.lateVisits)
        + flag("--deadLettersTopic", deadLetters, USUAL.deadLetters);
  }

  /** Whether Kafka accepts a name. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Reads the value of {@code --visitsTopic}: names with commas between them, and blanks around.
   *
   * @param problems takes what is wrong, one sentence each
   */
  public static List<String> readVisits(String text, List<String> problems) {
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    for (String name : new LinkedHashSet<>(names)) {
      String problem = null;
      if (names.size() == 1) {
        problem = isName(name) ? null : EXPECTED;
      } else if (name.isEmpty()) {
        problem = "has an empty name";
      } else if (!isName(name)) {
        problem = "'%s' %s".formatted(name, EXPECTED);
      } else if (Collections.frequency(names, name) > 1) {
        problem = "has the name %s twice".formatted(name);
      }
      if (problem != null) {
        problems.add("%s=%s: %s".formatted(VISITS, text, problem));
      }
    }
    return names;
  }

  /** Returns the topics that are read, as the value of their flag. */
  public String visitsAsFlag() {
    return String.join(",", visits);
  }

  /** Returns all topics, those that are read first. */
  public List<String> all() {
    List<String> all = new ArrayList<>(visits);
    all.addAll(List.of(sessions, lateVisits, deadLetters));
    return all;
  }

  private static String flag(String flag, String name, String usual) {
    return name.equals(usual) ? "" : " " + flag + "=" + name;
  }
}
