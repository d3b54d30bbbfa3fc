package io.sessionizer.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.formats.AttributeDefinition.Formula;
import io.sessionizer.formats.Condition.All;
import io.sessionizer.formats.Condition.Comparison;
import io.sessionizer.formats.Condition.Decimal;
import io.sessionizer.formats.Condition.Null;
import io.sessionizer.formats.Condition.Operator;
import io.sessionizer.formats.Condition.Truth;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributeDefinitionTest {
  private static final String FUNCTIONS =
      "first(...), last(...), any(...), count(...), distinct(...), countDistinct(...), min(...),"
          + " max(...), sum(...)";

  private static Formula formula(String text) throws SyntaxException {
    AttributeDefinition definition = AttributeDefinition.parse("n=" + text);
    assertEquals("n=" + text.strip(), definition.toString());
    return definition.formula();
  }

  private static Aggregation of(AggregateFunction function, String field) throws SyntaxException {
    return new Aggregation(function, ProjectedField.parse(field));
  }

  private static Aggregation ofCondition(AggregateFunction function, String condition)
      throws SyntaxException {
    FieldConditionParser parser = new FieldConditionParser(condition, 0, true);
    return new Aggregation(function, ProjectedField.of(new Condition(condition, parser.parse())));
  }

  private static String problem(String text) {
    return assertThrows(SyntaxException.class, () -> AttributeDefinition.parse(text)).getMessage();
  }

  @Test
  void nameEndsAtFirstEquals() throws SyntaxException {
    AttributeDefinition bounce = AttributeDefinition.parse(" bounce_1 = count() = 1");
    assertEquals("bounce_1", bounce.name());
    assertEquals("count() = 1", bounce.text());
    assertEquals(List.of("bounce_1"), bounce.names());
    assertEquals(List.of("d", "d_truncated"), AttributeDefinition.parse("d=distinct(a)").names());
  }

  @Test
  void functionsHaveFieldsAsWritten() throws SyntaxException {
    assertEquals(of(AggregateFunction.FIRST, "/a/b"), formula("first(/a/b)"));
    assertEquals(of(AggregateFunction.LAST, "a,b"), formula(" last( a,b ) "));
    assertEquals(of(AggregateFunction.MIN, "/a , b + c"), formula("min(/a , b + c)"));
    assertEquals(
        of(AggregateFunction.DISTINCT, "query(/page/url,page)"),
        formula("distinct(query(/page/url,page))"));
    assertEquals(of(AggregateFunction.SUM, "/e[key=a b]/v"), formula("sum(/e[key=a b]/v)"));
    assertEquals(new Aggregation(AggregateFunction.COUNT, null), formula("count( )"));
  }

  @Test
  void namesOfMappedFieldsAreThese() throws SyntaxException {
    assertEquals(
        new Aggregation(AggregateFunction.FIRST, MappedField.PAGE), formula("first(page)"));
    assertEquals(
        new Aggregation(AggregateFunction.MAX, MappedField.EVENT_TIME), formula("max(event_time)"));
    assertEquals(of(AggregateFunction.FIRST, "/page"), formula("first(/page)"));
    ProjectedField lower =
        (ProjectedField) ((Aggregation) formula("first(lower(page))")).argument();
    assertEquals(List.of(MappedField.PAGE), lower.fields().get(0).leaves());
  }

  @Test
  void countAcceptsFieldOrCondition() throws SyntaxException {
    assertEquals(of(AggregateFunction.COUNT, "/a"), formula("count(/a)"));
    assertEquals(
        ofCondition(AggregateFunction.COUNT, "/a = 1 and not (b = \")\")"),
        formula("count( /a = 1 and not (b = \")\") )"));
    assertEquals(ofCondition(AggregateFunction.COUNT, "(a = 1)"), formula("count((a = 1))"));
    assertEquals(ofCondition(AggregateFunction.ANY, "a in (1,2)"), formula("any(a in (1,2))"));
  }

  @Test
  void resultsAreComparedAndCombined() throws SyntaxException {
    Aggregation count = new Aggregation(AggregateFunction.COUNT, null);
    Comparison<Aggregation> one =
        new Comparison<>(count, Operator.EQUAL, List.of(new Decimal(BigDecimal.ONE)));
    Comparison<Aggregation> none =
        new Comparison<>(of(AggregateFunction.FIRST, "x"), Operator.EQUAL, List.of(new Null()));
    Comparison<Aggregation> any =
        new Comparison<>(
            ofCondition(AggregateFunction.ANY, "y = 2"), Operator.EQUAL, List.of(new Truth(true)));
    assertEquals(new AttributeDefinition.ConditionFormula(one), formula("count() = 1"));
    assertEquals(
        new AttributeDefinition.ConditionFormula(new All<>(List.of(none, one, any))),
        formula("(first(x)=null) and count()=1 and any(y = 2)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          n                     | must be NAME=EXPRESSION, for example entry_page=first(page)
          1n=count()            | the name '1n' must be letters, digits and '_', not begin with a digit, and have 100 characters at most
          =count()              | the name '' must be letters, digits and '_', not begin with a digit, and have 100 characters at most
          n=                    | expression: at character 1: expected one of FUNCTIONS, but the text ends
          n=page                | expression: at character 1: expected one of FUNCTIONS, found 'p'
          n=frist(page)         | expression: at character 1: expected one of FUNCTIONS, found 'f'
          n=count() + 1         | expression: at character 9: expected =, !=, <, <=, >, >=, in, contains, startsWith or endsWith, found '+'
          n=count() = 1 or      | expression: at character 15: expected one of FUNCTIONS, but the text ends
          n=first(page          | expression: at character 11: expected ')', but the text ends
          n=first()             | expression: at character 7: expected a field, found ')'
          n=first(a b)          | expression: at character 9: expected ')', found 'b'
          n=first(/a~)          | expression: the field '/a~' at character 7: at character 3: expected '~0' for '~' or '~1' for '/' in a pointer, found '~'
          n=sum(/a = 1)         | expression: at character 8: expected ')', found '='
          n=any(/a)             | expression: at character 7: expected =, !=, <, <=, >, >=, in, contains, startsWith or endsWith, found ')'
          n=count(/a and /b)    | expression: at character 10: expected =, !=, <, <=, >, >=, in, contains, startsWith or endsWith, found 'a'
          n=count() and any(a=1)| expression: at character 9: expected =, !=, <, <=, >, >=, in, contains, startsWith or endsWith, found 'a'
          n=distinct(a) = "x"   | expression: at character 1: expected another function than distinct, whose list is compared with nothing, found 'd'
          n=count() = 1 2       | expression: at character 13: expected 'and', 'or' or the end, found '2'
          """)
  void saysWhatIsWrongAndWhere(String text, String problem) {
    assertEquals(problem.replace("FUNCTIONS", FUNCTIONS), problem(text));
  }

  @Test
  void projectedFieldsAreNamedOnce() throws SyntaxException {
    List<AttributeDefinition> attributes =
        List.of(
            AttributeDefinition.parse("a=first(/x)"),
            AttributeDefinition.parse("b=last(/x) = 1 or count(page = 'p') > 1 or first(page) = 1"),
            AttributeDefinition.parse("c=count()"));
    assertEquals(
        List.of("/x", "page = 'p'"),
        AttributeDefinition.projected(attributes).stream().map(ProjectedField::text).toList());
  }
}
