package io.sessionizer.visits;

import io.sessionizer.visits.FieldTree.Choice;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The elements of an array that are still to be chosen, while it is read. */
final class ChosenElements {
  private final RecordFields fields;
  private final List<Choice> left;

  private ChosenElements(RecordFields fields, List<Choice> choices) {
    this.fields = fields;
    this.left = new ArrayList<>(choices);
  }

  /** Returns those of an array; null if none are chosen by a member of theirs. */
  static @Nullable ChosenElements of(FieldTree array, RecordFields fields) {
    return array.anyElement() == null ? null : new ChosenElements(fields, array.choices());
  }

  /** Takes the fields of an element that was read, if it is the first of a choice. */
  void add(int index, boolean isObject) {
    left.removeIf(choice -> choice.copyIfChosen(index, isObject, fields));
  }
}
