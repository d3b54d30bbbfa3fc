package io.sessionizer.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.formats.FieldExpression.Call;
import io.sessionizer.formats.FieldExpression.Element;
import io.sessionizer.formats.FieldExpression.FirstOf;
import io.sessionizer.formats.FieldExpression.Function;
import io.sessionizer.formats.FieldExpression.Joined;
import io.sessionizer.formats.FieldExpression.KafkaField;
import io.sessionizer.formats.FieldExpression.KafkaPart;
import io.sessionizer.formats.FieldExpression.Member;
import io.sessionizer.formats.FieldExpression.Node;
import io.sessionizer.formats.FieldExpression.Pointer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldExpressionTest {
  private static Node root(String text) throws SyntaxException {
    FieldExpression expression = FieldExpression.parse(text);
    assertEquals(text, expression.toString());
    return expression.root();
  }

  private static Pointer pointer(String... names) {
    return new Pointer(Arrays.stream(names).<FieldExpression.Step>map(Member::new).toList());
  }

  @Test
  void nameIsMemberOfEvent() throws SyntaxException {
    assertEquals(pointer("visit_id"), root("visit_id"));
    assertEquals(pointer("user agent"), root(" user agent "));
    assertEquals(pointer("c-ip"), root("c-ip"));
    assertEquals(pointer("$current~url"), root("$current~url"));
  }

  @Test
  void pointerHasSteps() throws SyntaxException {
    assertEquals(pointer("a", "b", "0"), root("/a/b/0"));
    assertEquals(pointer("a/b", "~", ""), root("/a~1b/~0/"));
  }

  @Test
  void elementIsFoundByItsMember() throws SyntaxException {
    assertEquals(
        new Pointer(
            List.of(
                new Member("params"),
                new Element("key", "a/b"),
                new Member("value"),
                new Member("text"))),
        root("/params[key=a/b]/value/text"));
    assertEquals(root("/params[key=a]/b"), root("/params/[key=a]/b"));
  }

  @Test
  void kafkaRecordHasFields() throws SyntaxException {
    assertEquals(new KafkaField(KafkaPart.KEY, ""), root("kafka:key"));
    assertEquals(new KafkaField(KafkaPart.TIMESTAMP, ""), root("kafka:timestamp"));
    assertEquals(new KafkaField(KafkaPart.HEADER, "trace-id"), root("kafka:header:trace-id"));
    assertTrue(FieldExpression.parse("a,path(kafka:key)").usesKafka());
    assertFalse(FieldExpression.parse("/kafka:key").usesKafka());
  }

  @Test
  void functionsMayBeWithinEachOther() throws SyntaxException {
    assertEquals(
        new Call(Function.LOWER, new Call(Function.PATH, pointer("page", "url"), ""), ""),
        root("lower(path(/page/url))"));
    assertEquals(
        new Call(Function.QUERY, new FirstOf(List.of(pointer("a"), pointer("b"))), "utm_campaign"),
        root("query(a,b,utm_campaign)"));
  }

  @Test
  void plusBindsLessThanComma() throws SyntaxException {
    assertEquals(
        new Joined(List.of(new FirstOf(List.of(pointer("a"), pointer("b"))), pointer("c"))),
        root("a, b + c"));
  }

  @Test
  void backslashEscapesSigns() throws SyntaxException {
    assertEquals(pointer("cs(User-Agent)"), root("cs\\(User-Agent\\)"));
    assertEquals(pointer("a,b+c=d\\"), root("a\\,b\\+c\\=d\\\\"));
    assertEquals(pointer("a[b=c]"), root("/a\\[b\\=c\\]"));
  }

  @Nested
  class Malformed {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            ''|at character 1: expected a field, but the text ends
            a,|at character 3: expected a field, but the text ends
            a,,b|at character 3: expected a field, found ','
            a=b|at character 2: expected ',', '+' or the end; in a name, '=' is written \\=, found '='
            /a=b|at character 3: expected ',', '+' or the end, found '='
            a\\b|at character 3: expected one of , + = \\ ( ) [ ] behind \\, found 'b'
            cs(User-Agent)|at character 1: expected path(...), host(...), query(...) or lower(...); in a name, parentheses are written \\( and \\), found 'c'
            path(a|at character 7: expected ')', but the text ends
            path(a+b)|at character 7: expected ')', found '+'
            query(a)|at character 8: expected query(FIELD,NAME), found ')'
            /a[key]|at character 7: expected [MEMBER=TEXT], found ']'
            /a[key=x]b|at character 10: expected ',', '+' or the end, found 'b'
            /a~2|at character 3: expected '~0' for '~' or '~1' for '/' in a pointer, found '~'
            kafka:offset|at character 1: expected kafka:key, kafka:timestamp or kafka:header:NAME, found 'k'
            kafka:header:|at character 1: expected kafka:key, kafka:timestamp or kafka:header:NAME, found 'k'
            """)
    void saysWhatWasExpected(String text, String message) {
      SyntaxException e = assertThrows(SyntaxException.class, () -> FieldExpression.parse(text));
      assertEquals(message, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"path(,11", "lower(,1000", "'a,',60", "/a,60", "a,5000"})
    void hasBounds(String part, int times) {
      String text = part.repeat(times);
      assertThrows(SyntaxException.class, () -> FieldExpression.parse(text));
    }
  }
}
