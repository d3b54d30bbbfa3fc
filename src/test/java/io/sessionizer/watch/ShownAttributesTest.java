package io.sessionizer.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sessionizer.watch.ShownAttributes.FirstAttributes;
import io.sessionizer.watch.ShownAttributes.ShownAttribute;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShownAttributesTest {
  private static FirstAttributes first(String json) {
    return ShownAttributes.of(json.replace('\'', '"').getBytes(UTF_8)).first();
  }

  @Test
  void valuesAreTexts() {
    assertEquals(
        new FirstAttributes(
            List.of(
                new ShownAttribute("entry", "/a b"),
                new ShownAttribute("revenue", "123456789012345678901234567890.5"),
                new ShownAttribute("bounce", "false"),
                new ShownAttribute("devices", "1, phone, true"),
                new ShownAttribute("none", "(none)")),
            0),
        first(
            "{'entry':'/a b','revenue':123456789012345678901234567890.5,'bounce':false,"
                + "'devices':[1,'phone',true],'none':[]}"));
  }

  @Test
  void hugeNumberIsNotWrittenOut() {
    assertEquals(
        List.of(new ShownAttribute("a", "1E+999999999"), new ShownAttribute("b", "0.00000001")),
        first("{'a':1e999999999,'b':1e-8}").all());
  }

  @Test
  void incompleteListSaysSo() {
    assertEquals(
        new FirstAttributes(
            List.of(
                new ShownAttribute("pages", "a, b, …"), new ShownAttribute("is_truncated", "x")),
            0),
        first("{'pages':['a','b'],'pages_truncated':true,'is_truncated':'x'}"));
  }

  @Test
  void longValuesAreCutAndOnOneLine() {
    assertEquals(
        new FirstAttributes(
            List.of(
                new ShownAttribute("a", "x".repeat(99) + "…"), new ShownAttribute("b", "1 2: 3")),
            0),
        first("{'a':'" + "x".repeat(99) + "\ud83d\ude00','b':'1\\n2: 3'}"));
  }

  @Test
  void manyAttributesAreCounted() {
    String json =
        IntStream.range(0, 25)
            .mapToObj(i -> "'n" + i + "':" + i)
            .collect(Collectors.joining(",", "{", "}"));
    FirstAttributes first = first(json);
    assertEquals(20, first.all().size());
    assertEquals(new ShownAttribute("n19", "19"), first.all().get(19));
    assertEquals(5, first.more());
  }

  @Test
  void sessionWithoutAttributesShowsNone() {
    assertNull(ShownAttributes.of(null));
    assertEquals(new FirstAttributes(List.of(), 0), first("{}"));
  }
}
