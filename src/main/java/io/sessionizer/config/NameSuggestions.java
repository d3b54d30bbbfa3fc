package io.sessionizer.config;

import java.util.Collection;
import java.util.List;
import org.apache.beam.sdk.util.StringUtils;

/** The names that may have been meant by one that does not exist. */
public final class NameSuggestions {
  /** Two letters that changed places are two edits. */
  private static final int MAX_EDITS = 2;

  private NameSuggestions() {}

  /** Returns the nearest of {@code known}, several if they are equally near, none if all differ. */
  public static List<String> to(String name, Collection<String> known) {
    int fewest =
        known.stream().mapToInt(other -> edits(name, other)).min().orElse(Integer.MAX_VALUE);
    return fewest > Math.min(MAX_EDITS, name.length() - 1)
        ? List.of()
        : known.stream().filter(other -> edits(name, other) == fewest).toList();
  }

  private static int edits(String name, String other) {
    return StringUtils.getLevenshteinDistance(name, other);
  }
}
