package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

/** The values of projected fields, as bytes and as objects. */
class ProjectedFieldsTest {
  private static final List<String> NAMES = List.of("a", "/b", "query(/c,d)", "lower(e)", "f+g");

  @Test
  void bytesArePinned() {
    ProjectedFields.FieldsWriter writer = new ProjectedFields.FieldsWriter();
    writer.add(ProjectedFields.id("/value"), new BigDecimal("4.20e1"));
    writer.add(0x01020304, "é");
    writer.add(0x80000000, true);
    writer.add(0x7FFFFFFF, false);

    assertEquals(
        "010203040402c3a9" + "7fffffff01" + "8000000002" + "9003fbe303023432",
        HexFormat.of().formatHex(writer.toFields().bytes()));
  }

  @Test
  void idIgnoresBlanksAround() {
    assertEquals(ProjectedFields.id("/a"), ProjectedFields.id(" /a\t"));
    assertNotEquals(ProjectedFields.id("/a"), ProjectedFields.id("/A"));
  }

  @Test
  void fieldHasOneValue() {
    ProjectedFields.FieldsWriter writer = new ProjectedFields.FieldsWriter();
    writer.add(1, true);
    writer.add(2, true);

    assertThrows(IllegalArgumentException.class, () -> writer.add(1, "again"));
  }

  @Test
  void negativeZeroIsZero() {
    assertEquals("0", ProjectedFields.plain(new BigDecimal("-0.00")));
    assertEquals("-0.5", ProjectedFields.plain(new BigDecimal("-5.0e-1")));
    assertEquals("1000", ProjectedFields.plain(new BigDecimal("1e3")));
  }

  @Property(tries = 2_000)
  void readsWhatWasWritten(@ForAll("values") Map<String, Object> values, @ForAll Random random) {
    ProjectedFields fields = fields(values, random);

    assertEquals(fields, fields(values, random));
    for (String name : NAMES) {
      assertEquals(values.get(name), fields.value(ProjectedFields.id(name)));
    }
    assertNull(fields.value(0));
    assertEquals(values.isEmpty(), fields.isEmpty());
    byte[] inside = ("xx" + new String(fields.bytes(), ISO_8859_1)).getBytes(ISO_8859_1);
    assertEquals(fields, ProjectedFields.of(inside, 2, inside.length - 2));
  }

  @Property(tries = 5_000)
  void comparesByValuesOfSmallestId(
      @ForAll("values") Map<String, Object> first,
      @ForAll("values") Map<String, Object> second,
      @ForAll Random random) {
    ProjectedFields a = fields(first, random);
    ProjectedFields b = fields(second, random);

    assertEquals(Integer.signum(compare(first, second)), Integer.signum(a.compareTo(b)));
    assertEquals(Integer.signum(b.compareTo(a)), -Integer.signum(a.compareTo(b)));
    assertEquals(a.equals(b), a.compareTo(b) == 0);
  }

  private static int compare(Map<String, Object> a, Map<String, Object> b) {
    Map<Integer, Object> first = byId(a);
    Map<Integer, Object> second = byId(b);
    TreeSet<Integer> ids = new TreeSet<>(Integer::compareUnsigned);
    ids.addAll(first.keySet());
    ids.addAll(second.keySet());
    for (int id : ids) {
      Object one = first.get(id);
      Object other = second.get(id);
      int compared = Integer.compare(rank(one), rank(other));
      if (compared == 0 && one instanceof BigDecimal number && other instanceof BigDecimal than) {
        compared = number.compareTo(than);
      }
      if (compared == 0 && one instanceof String text && other instanceof String than) {
        compared = text.compareTo(than);
      }
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }

  private static Map<Integer, Object> byId(Map<String, Object> values) {
    Map<Integer, Object> byId = new TreeMap<>(Integer::compareUnsigned);
    values.forEach((name, value) -> byId.put(ProjectedFields.id(name), value));
    return byId;
  }

  private static int rank(@Nullable Object value) {
    return value == null
        ? 0
        : value instanceof Boolean isTrue ? (isTrue ? 2 : 1) : value instanceof BigDecimal ? 3 : 4;
  }

  private static ProjectedFields fields(Map<String, Object> values, Random random) {
    List<Map.Entry<String, Object>> entries = new ArrayList<>(values.entrySet());
    Collections.shuffle(entries, random);
    ProjectedFields.FieldsWriter writer = new ProjectedFields.FieldsWriter();
    for (Map.Entry<String, Object> entry : entries) {
      int id = ProjectedFields.id(entry.getKey());
      if (entry.getValue() instanceof Boolean isTrue) {
        writer.add(id, isTrue);
      } else if (entry.getValue() instanceof BigDecimal number) {
        writer.add(id, number.setScale(Math.max(number.scale(), random.nextInt(40))));
      } else {
        writer.add(id, (String) entry.getValue());
      }
    }
    return writer.toFields();
  }

  @Provide
  Arbitrary<Map<String, Object>> values() {
    Arbitrary<Object> numbers =
        Arbitraries.of("0", "1", "-1", "9", "10", "-10", "1.5", "1.25", "-1.5", "0.001", "1e20")
            .map(BigDecimal::new)
            .map(number -> new BigDecimal(ProjectedFields.plain(number)));
    Arbitrary<Object> texts =
        Arbitraries.of("", "a", "A", "b", "\uFFFD", "\uD83D\uDE00", "x".repeat(300)).map(t -> t);
    Arbitrary<Object> flags = Arbitraries.of(true, false).map(b -> b);
    return Arbitraries.maps(Arbitraries.of(NAMES), Arbitraries.oneOf(numbers, texts, flags))
        .ofMaxSize(5);
  }
}
