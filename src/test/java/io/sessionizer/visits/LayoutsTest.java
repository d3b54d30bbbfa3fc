package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

class LayoutsTest {
  private static final int[] NUMBERS = {0};
  private static final byte[] TYPES = {1};

  private final Layouts layouts = new Layouts();

  /** Adds the layout of {@code {"name":"a"}}. */
  private void add(String name) {
    byte[] json = ("{\"" + name + "\":\"a\"}").getBytes(UTF_8);
    int value = json.length - 3;
    layouts.add(json, 0, json.length, new int[] {value}, new int[] {value + 1}, 1, NUMBERS, TYPES);
  }

  private @Nullable Layout first(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return layouts.root().next(bytes, 0, bytes.length);
  }

  @Test
  void findsPartsOfRecordSeenBefore() {
    add("name");
    byte[] json = "{\"name\":\"another\"}".getBytes(UTF_8);

    Layout start = layouts.root().next(json, 0, json.length);
    assertNotNull(start);
    assertEquals(9, start.length());
    Layout end = start.next(json, json.length - 2, json.length);
    assertNotNull(end);
    assertEquals(0, end.number(0));
    assertNull(start.next(json, json.length - 2, json.length - 1), "a record that is cut off");
  }

  @Test
  void distinguishesLayoutsThatStartAlike() {
    add("name");
    add("names");

    assertNotSame(first("{\"name\":\"a\"}"), first("{\"names\":\"a\"}"));
    assertNull(first("{\"nam\":\"a\"}"));
    assertNull(first("{\"name\":1}"));
  }

  @Test
  void collectsAnewWhenManyRecordsHaveOthers() {
    for (int i = 0; i < 1_000; i++) {
      add("old" + i);
    }
    Layout old = first("{\"old0\":\"a\"}");
    assertNotNull(old);
    assertNull(first("{\"old999\":\"a\"}"), "there is memory for some");

    for (int i = 0; i < 5_000; i++) {
      add("new");
    }
    assertSame(old, first("{\"old0\":\"a\"}"));
    for (int i = 0; i < 5_000; i++) {
      add("new");
    }
    assertNotNull(first("{\"new\":\"a\"}"));
    assertNull(first("{\"old0\":\"a\"}"));
  }
}
