package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.formats.FieldExpression.Element;
import io.sessionizer.formats.FieldExpression.Member;
import io.sessionizer.formats.FieldExpression.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 *
 * <p>Of an array whose elements are chosen by a member of theirs, each element is read as one and
 * the same tree, with slots of its own; when it is chosen, its fields are copied to where they
 * belong.
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

  /** Of an array whose elements are chosen: what any of them is read as, or null. */
  private final @Nullable FieldTree anyElement;

  private final List<Choice> choices = new ArrayList<>();
  private final Map<Element, FieldTree> chosen = new LinkedHashMap<>();

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
    this.parts = all.toArray(FieldTree[]::new);
    for (Map.Entry<Element, Fields> element : fields.elements.entrySet()) {
      FieldTree tree = new FieldTree("", element.getValue(), next);
      chosen.put(element.getKey(), tree);
      next = tree.endSlot;
    }
    this.anyElement =
        fields.elements.isEmpty() ? null : new FieldTree("", fields.anyElement(), next);
    this.endSlot = anyElement == null ? next : anyElement.endSlot;
    if (anyElement != null) {
      addChoices(fields, anyElement);
    }
  }

  private void addChoices(Fields fields, FieldTree any) {
    fields.elements.forEach(
        (element, within) -> {
          FieldTree member = Objects.requireNonNull(any.member(element.member()), "is in each");
          byte[] value = element.value().getBytes(UTF_8);
          Choice choice = new Choice(NONE, member.slot, value, new ArrayList<>());
          copies(within, any, Objects.requireNonNull(chosen.get(element), "added"), choice.copies);
          choices.add(choice);
        });
    for (FieldTree part : parts) {
      if (part.index != NONE) {
        Choice choice = new Choice(part.index, NONE, part.name, new ArrayList<>());
        String number = String.valueOf(part.index);
        copies(Objects.requireNonNull(fields.parts.get(number)), any, part, choice.copies);
        choices.add(choice);
      }
    }
  }

  private static void copies(Fields fields, FieldTree from, FieldTree to, List<int[]> copies) {
    if (fields.isField) {
      copies.add(new int[] {from.slot, to.slot});
    }
    fields.parts.forEach(
        (part, within) ->
            copies(
                within,
                Objects.requireNonNull(from.member(part), "is in each"),
                Objects.requireNonNull(to.member(part), "is in the tree"),
                copies));
    fields.elements.forEach(
        (element, within) ->
            copies(
                within,
                Objects.requireNonNull(from.chosen.get(element), "is in each"),
                Objects.requireNonNull(to.chosen.get(element), "is in the tree"),
                copies));
  }

  /** Returns the tree of fields that are given by the steps to them. */
  static FieldTree of(Collection<List<Step>> fields) {
    Fields root = new Fields();
    for (List<Step> steps : fields) {
      Fields at = root;
      for (Step step : steps) {
        at = at.within(step);
      }
      at.isField = true;
    }
    return new FieldTree("", root, 0);
  }

  /** Returns the slot of a field of the tree. */
  int slotOf(List<Step> field) {
    return at(field).slot;
  }

  /** Returns the value of the tree to which steps lead. */
  FieldTree at(List<Step> steps) {
    FieldTree at = this;
    for (Step step : steps) {
      FieldTree next =
          step instanceof Element element
              ? at.chosen.get(element)
              : at.member(((Member) step).name());
      if (next == null) {
        throw new IllegalArgumentException(step + " does not lead to a field of the tree");
      }
      at = next;
    }
    return at;
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
    return parts.length > 0 || anyElement != null;
  }

  /** Whether elements of an array are chosen by a member of theirs, here or further within. */
  boolean hasChoices() {
    return anyElement != null || Arrays.stream(parts).anyMatch(FieldTree::hasChoices);
  }

  /** Returns what any element of an array is read as, if elements are chosen; else null. */
  @Nullable FieldTree anyElement() {
    return anyElement;
  }

  /** Returns which elements are chosen. */
  List<Choice> choices() {
    return choices;
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

  /**
   * An element of an array that is chosen.
   *
   * @param index its index; else -1
   * @param member the slot of the member that decides, in each element; else -1
   * @param value the text of that member
   * @param copies pairs of slots: of any element, and of this one
   */
  record Choice(int index, int member, byte[] value, List<int[]> copies) {
    /** Copies the fields of an element if it is the one; only an object has members. */
    boolean copyIfChosen(int number, boolean isObject, RecordFields fields) {
      boolean isChosen = index == NONE ? isObject && fields.isText(member, value) : index == number;
      if (isChosen) {
        copies.forEach(copy -> fields.copy(copy[0], copy[1]));
      }
      return isChosen;
    }
  }

  /** The fields within a value, while they are collected. */
  private static final class Fields {
    private final Map<String, Fields> parts = new LinkedHashMap<>();
    private final Map<Element, Fields> elements = new LinkedHashMap<>();
    private boolean isField;

    Fields within(Step step) {
      return step instanceof Element element
          ? elements.computeIfAbsent(element, e -> new Fields())
          : parts.computeIfAbsent(((Member) step).name(), n -> new Fields());
    }

    /** Returns all that is of interest in any element. */
    Fields anyElement() {
      Fields any = new Fields();
      elements.forEach(
          (element, fields) -> {
            any.within(new Member(element.member())).isField = true;
            any.add(fields);
          });
      parts.forEach(
          (name, fields) -> {
            if (arrayIndex(name) != NONE) {
              any.add(fields);
            }
          });
      return any;
    }

    private void add(Fields other) {
      isField |= other.isField;
      other.parts.forEach((name, fields) -> within(new Member(name)).add(fields));
      other.elements.forEach((element, fields) -> within(element).add(fields));
    }
  }
}
