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

  private Names() {}

  /**
   * Returns the last name of a field in lower-case letters: {@code userid} of {@code
   * /context/user_Id}, {@code pagelocation} of {@code
   * /event_params[key=page_location]/value/string_value}.
   */
  static String plain(String field) {
    List<String> steps = List.of(KEY.matcher(field).replaceAll("/$1").split("/", -1));
    int last = steps.size() - 1;
    while (last > 0 && VALUES.contains(steps.get(last))) {
      last--;
    }
    return last < 0 ? "" : steps.get(last).toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }
}
