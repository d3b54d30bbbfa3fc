package io.sessionizer.formats;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A regular expression in the syntax of RE2, which a whole record must match. Its named groups,
 * {@code (?P<name>...)}, are the members of the record. Matching takes time that is linear in the
 * record, and needs memory for the expression alone, whatever both are: the expression is bounded.
 */
public final class RecordPattern {
  private static final int MAX_CHARACTERS = 10_000;

  /** A record of 64 KiB is matched with it within a second or two. */
  private static final int MAX_INSTRUCTIONS = 1_000;

  private final Pattern pattern;
  private final Map<String, Integer> groups;

  private RecordPattern(Pattern pattern) {
    this.pattern = pattern;
    this.groups = new TreeMap<>(pattern.namedGroups());
  }

  /**
   * Compiles a regular expression.
   *
   * @throws SyntaxException if it is none, has no named group, or is too large
   */
  public static RecordPattern parse(String expression) throws SyntaxException {
    if (expression.length() > MAX_CHARACTERS) {
      throw new SyntaxException(
          "has %s characters, %s at most".formatted(expression.length(), MAX_CHARACTERS));
    }
    new PatternSize(expression).check(MAX_INSTRUCTIONS); // compiling it could need all memory
    RecordPattern parsed;
    try {
      parsed = new RecordPattern(Pattern.compile(expression));
    } catch (PatternSyntaxException e) {
      throw new SyntaxException(
          "is not a regular expression of RE2: %s: %s"
              .formatted(e.getDescription(), e.getPattern()));
    }
    if (parsed.groups.isEmpty()) {
      throw new SyntaxException("has no named group, such as (?P<page>[^ ]+)");
    }
    return parsed;
  }

  /** Returns the number of each named group, by its name. */
  public Map<String, Integer> groups() {
    return groups;
  }

  /** Returns a matcher, to be reset to the UTF-8 of each record. Not thread-safe. */
  public Matcher matcher() {
    return pattern.matcher(new byte[0]);
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}
