package io.sessionizer.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Matcher;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordPatternTest {
  @Test
  void namedGroupsHaveNumbers() throws Exception {
    RecordPattern pattern = RecordPattern.parse("(?P<id>\\d+)( )(?P<page>\\S+)");
    assertEquals(Map.of("id", 1, "page", 3), pattern.groups());
    Matcher matcher = pattern.matcher();
    matcher.reset("12 /\u00fcber".getBytes(UTF_8));
    assertTrue(matcher.matches());
    assertEquals(3, matcher.start(3));
    assertEquals(9, matcher.end(3)); // bytes, not characters
  }

  @ParameterizedTest
  @CsvSource({
    "(?P<a>x, is not a regular expression of RE2: missing closing ): (?P<a>x",
    "(?P<a>x)(?P<a>y), is not a regular expression of RE2: duplicate capture group name: a",
    "(?P<a>x)(?=y), is not a regular expression of RE2: invalid or unsupported Perl syntax: (?=",
    "'(x)', 'has no named group, such as (?P<page>[^ ]+)'",
    "'(?P<a>((x{100}){100}){100})', 'is too large: with its counted repetitions it has more than"
        + " 1000 parts'",
    "'(?P<a>x){1000}{1000}{1000}', 'is too large: with its counted repetitions it has more than"
        + " 1000 parts'"
  })
  void badExpressionsAreExplained(String expression, String problem) {
    assertEquals(problem, problem(expression));
  }

  @Test
  void sizeAndNestingAreBounded() {
    assertEquals("has 10001 characters, 10000 at most", problem("x".repeat(10_001)));
    assertEquals(
        "has groups that are nested more than 100 levels deep",
        problem("(".repeat(101) + ")".repeat(101)));
    assertTrue(problem("(?P<a>" + "\\Q" + "x".repeat(1000) + "\\E)").contains("too large"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?P<a>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        "(?P<a>[]{1000}]{5})",
        "(?P<a>[^]{1000}[:alpha:]{900}]{5})",
        "(?P<a>\\{1000}{5})",
        "(?P<a>x{,900})",
        "(?i)(?P<a>\\p{Greek}{10}\\x{e4}{10})"
      })
  void onlyRepetitionsCount(String expression) throws Exception {
    assertFalse(RecordPattern.parse(expression).groups().isEmpty());
  }

  @Test
  void nothingMakesMatchingRunAway() throws Exception {
    Matcher matcher = RecordPattern.parse("(?P<a>(x+x+)+(x*)*)y|(x|xx)*z").matcher();
    matcher.reset("x".repeat(60_000).getBytes(UTF_8));
    assertTimeout(Duration.ofSeconds(30), () -> assertFalse(matcher.matches()));
  }

  private static String problem(String expression) {
    return assertThrows(SyntaxException.class, () -> RecordPattern.parse(expression)).getMessage();
  }
}
