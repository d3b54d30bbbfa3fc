package io.sessionizer.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.formats.Condition.All;
import io.sessionizer.formats.Condition.Any;
import io.sessionizer.formats.Condition.Clause;
import io.sessionizer.formats.Condition.Comparison;
import io.sessionizer.formats.Condition.Decimal;
import io.sessionizer.formats.Condition.Not;
import io.sessionizer.formats.Condition.Null;
import io.sessionizer.formats.Condition.Operator;
import io.sessionizer.formats.Condition.Text;
import io.sessionizer.formats.Condition.Truth;
import io.sessionizer.formats.Condition.Value;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
  private static Clause<FieldExpression> root(String text) throws SyntaxException {
    Condition condition = Condition.parse(text);
    assertEquals(text, condition.toString());
    return condition.root();
  }

  private static Comparison<FieldExpression> comparison(
      String field, Operator operator, Value... values) throws SyntaxException {
    return new Comparison<>(FieldExpression.parse(field), operator, List.of(values));
  }

  private static Decimal number(String decimal) {
    return new Decimal(new BigDecimal(decimal));
  }

  @Test
  void comparesWithValues() throws SyntaxException {
    assertEquals(comparison("/a/b", Operator.EQUAL, new Text("x")), root("/a/b = \"x\""));
    assertEquals(comparison("a", Operator.EQUAL, new Text("it's")), root("a='it\\'s'"));
    assertEquals(
        comparison("a", Operator.EQUAL, new Text("\u00e9\"\n")), root("a=\"\\u00E9\\\"\\n\""));
    assertEquals(comparison("a", Operator.LESS, number("-15")), root("a<-1.50e1"));
    assertEquals(comparison("a", Operator.AT_MOST, number("4E+2")), root("a <= 400"));
    assertEquals(comparison("a", Operator.AT_LEAST, number("0")), root("a>=0.00"));
    assertEquals(comparison("a", Operator.GREATER, new Text("")), root("a > ''"));
    assertEquals(comparison("a", Operator.EQUAL, new Truth(false)), root("a = false"));
    assertEquals(new Not<>(comparison("a", Operator.EQUAL, new Null())), root("a != null"));
  }

  @Test
  void comparesWithLists() throws SyntaxException {
    assertEquals(
        comparison("type", Operator.EQUAL, new Text("page"), number("1")),
        root("type in (\"page\", 1)"));
    assertEquals(
        comparison("a", Operator.ENDS_WITH, new Text(".js"), new Text(".css")),
        root("a endsWith ('.js','.css')"));
    assertEquals(comparison("a", Operator.CONTAINS, new Text("b")), root("a contains 'b'"));
    assertEquals(comparison("a", Operator.STARTS_WITH, new Text("b")), root("a startsWith('b')"));
  }

  @Test
  void fieldMayBeAnyExpression() throws SyntaxException {
    assertEquals(
        comparison("query(/url, id)", Operator.EQUAL, new Text("x")),
        root("query(/url, id) = 'x'"));
    assertEquals(
        comparison("/a[key=b c]/d,e", Operator.EQUAL, new Text("x")),
        root("/a[key=b c]/d,e = 'x'"));
    assertEquals(
        comparison("cs\\(User-Agent\\)", Operator.EQUAL, new Text("x")),
        root("cs\\(User-Agent\\)='x'"));
    assertEquals(comparison("notes", Operator.EQUAL, new Null()), root("notes=null"));
  }

  @Test
  void andBindsMoreThanOr() throws SyntaxException {
    Clause<FieldExpression> a = root("a=1");
    Clause<FieldExpression> b = root("b=2");
    Clause<FieldExpression> c = root("c=3");
    assertEquals(
        new Any<>(List.of(a, new All<>(List.of(new Not<>(b), c)))), root("a=1 or not b=2 and c=3"));
    assertEquals(new All<>(List.of(new Any<>(List.of(a, b)), c)), root("(a=1 or b=2)\n and c=3"));
    assertEquals(new Not<>(new All<>(List.of(a, b))), root("not(a=1 and b=2)"));
  }

  @Nested
  class Malformed {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            ``|at character 1: expected a field, but the text ends
            a|at character 2: expected =, !=, <, <=, >, >=, in, contains, startsWith or endsWith, but the text ends
            a = b|at character 5: expected a text in quotation marks, a number, true, false or null, found 'b'
            a = "b|at character 7: expected the quotation mark that ends the text from character 5, but the text ends
            a = "\\x"|at character 7: expected an escape of JSON behind \\, found 'x'
            a = "\\u12"|at character 7: expected four hexadecimal digits behind \\u, found 'u'
            a = "\\ud800"|at character 5: expected a text without half of a surrogate pair, found '"'
            a = 1 b = 2|at character 7: expected 'and', 'or' or the end, found 'b'
            (a = 1|at character 7: expected 'and', 'or' or ')', but the text ends
            a in 1|at character 6: expected '(', found '1'
            a in (1|at character 8: expected ',' or ')', but the text ends
            a < true|at character 5: expected a text or a number behind '<', found 't'
            a contains 1|at character 12: expected texts in quotation marks behind 'contains', found '1'
            a = 1e31|at character 5: expected a number of at most 30 digits, with an exponent of at most 30, found '1'
            and = 1|at character 1: expected a field, found 'a'
            a = 1 and trim(b) = 1|the field 'trim(b)' at character 11: at character 1: expected path(...), host(...), query(...) or lower(...); in a name, parentheses are written \\( and \\), found 't'
            """)
    void saysWhatWasExpected(String text, String message) {
      SyntaxException e = assertThrows(SyntaxException.class, () -> Condition.parse(text));
      assertEquals(message, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"'(',51", "'not ',51", "'(not ',2000"})
    void hasBounds(String part, int times) {
      String text = part.repeat(times) + "a = 1";
      assertThrows(SyntaxException.class, () -> Condition.parse(text));
    }
  }
}
