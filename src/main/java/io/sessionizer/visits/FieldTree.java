package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A value of JSON that is a field or contains fields: the root is the record's value. Fields are
 * numbered, so that those within a value have consecutive numbers: their slots. The fields {@code
 * page}, {@code /user/id} and {@code /user/name} are
 *
 * <pre>{@code
 * root      slots 0 to 2
 *   page    slot 0
 *   user    slots 1 to 2
 *     id    slot 1
 *     name  slot 2
 * }</pre>
 */
final class FieldTree {
  private static final int NONE = -1;

  private final byte[] name;
  private final long firstBytes;
  private final int index;
  private final int slot;
  private final int firstSlot;
  private final int endSlot;
  private final FieldTree[] parts;

  private FieldTree(String name, Fields fields, int firstSlot) {
    this.name = name.getBytes(UTF_8);
    this.firstBytes = EightBytes.first(this.name, 0, this.name.length);
    this.index = arrayIndex(name);
    this.firstSlot = firstSlot;
    this.slot = fields.isField ? firstSlot : NONE;
    List<FieldTree> all = new ArrayList<>();
    int next = fields.isField ? firstSlot + 1 : firstSlot;
    for (Map.Entry<String, Fields> part : fields.parts.entrySet()) {
      FieldTree tree = new FieldTree(part.getKey(), part.getValue(), next);
      all.add(tree);
      next = tree.endSlot;
    }
    this.endSlot = next;
    this.parts = all.toArray(FieldTree[]::new);
  }

  /** Returns the tree of fields that are given as names of members or as JSON Pointers. */
  static FieldTree of(List<String> fields) {
    Fields root = new Fields();
    for (String field : fields) {
      Fields at = root;
      for (String step : steps(field)) {
        at = at.parts.computeIfAbsent(step, s -> new Fields());
      }
      at.isField = true;
    }
    return new FieldTree("", root, 0);
  }

  /** Returns the slot of a field of the tree, as it was given. */
  int slotOf(String field) {
    FieldTree at = this;
    for (String step : steps(field)) {
      FieldTree part = at.member(step);
      if (part == null) {
        throw new IllegalArgumentException(field + " is not a field of the tree");
      }
      at = part;
    }
    return at.slot;
  }

  private static List<String> steps(String field) {
    return field.startsWith("/")
        ? Arrays.stream(field.substring(1).split("/", -1))
            .map(step -> step.replace("~1", "/").replace("~0", "~"))
            .toList()
        : List.of(field);
  }

  private static int arrayIndex(String name) {
    return name.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(name) : NONE;
  }

  /** Whether the value itself is a field. */
  boolean isField() {
    return slot != NONE;
  }

  /** The field's number. */
  int slot() {
    return slot;
  }

  /** The number of the first field that the value is or contains. */
  int firstSlot() {
    return firstSlot;
  }

  /** The number behind that of the last field. */
  int endSlot() {
    return endSlot;
  }

  /** Whether the value is of interest as an object or an array. */
  boolean hasParts() {
    return parts.length > 0;
  }

  /** Returns the member of an object, by its name; null if it is and contains no field. */
  @Nullable FieldTree member(String memberName) {
    byte[] bytes = memberName.getBytes(UTF_8);
    return member(bytes, 0, bytes.length);
  }

  /** Returns the member whose name is the UTF-8 from {@code from} to {@code to}, or null. */
  @Nullable FieldTree member(byte[] json, int from, int to) {
    int length = to - from;
    long bytes = EightBytes.first(json, from, to);
    for (FieldTree part : parts) {
      if (part.firstBytes == bytes
          && part.name.length == length
          && (length <= Long.BYTES || part.isCalled(json, from, to))) {
        return part;
      }
    }
    return null;
  }

  private boolean isCalled(byte[] json, int from, int to) {
    return Arrays.equals(json, from, to, name, 0, name.length);
  }

  /** Returns the element of an array, by its index from 0; null if it is and contains no field. */
  @Nullable FieldTree element(int number) {
    for (FieldTree part : parts) {
      if (part.index == number) {
        return part;
      }
    }
    return null;
  }

  /** The fields within a value, while they are collected. */
  private static final class Fields {
    private final Map<String, Fields> parts = new LinkedHashMap<>();
    private boolean isField;
  }
}
