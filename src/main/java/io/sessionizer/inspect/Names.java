package io.sessionizer.inspect;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of fields without the conventions of those who named them. */
final class Names {
  private static final Pattern KEY = Pattern.compile("\\[key=([^\\]]*)\\]");

  /** Names of members that have the value of the one around them. */
  private static final Set<String> VALUES =
      Set.of("value", "string_value", "int_value", "double_value", "float_value");

  /** Names of members that name their object. */
  private static final Set<String> IDS = Set.of("id", "uuid", "guid", "key");

  private Names() {}

  /**
   * Returns the last name of a field in lower-case letters: {@code userid} of {@code
   * /context/user_Id} and of {@code /user/id}, {@code pagelocation} of {@code
   * /event_params[key=page_location]/value/string_value}.
   */
  static String plain(String field) {
    List<String> steps = List.of(KEY.matcher(field).replaceAll("/$1").split("/", -1));
    int last = steps.size() - 1;
    while (last > 0 && VALUES.contains(steps.get(last))) {
      last--;
    }
    if (last < 0) {
      return "";
    }
    String name = letters(steps.get(last));
    return IDS.contains(name) && last > 0 ? letters(steps.get(last - 1)) + "id" : name;
  }

  private static String letters(String step) {
    return step.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }
}
