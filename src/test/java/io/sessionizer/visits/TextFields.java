package io.sessionizer.visits;

import io.sessionizer.formats.FieldExpression.Member;
import io.sessionizer.formats.FieldExpression.Step;
import java.util.List;

/** Fields by the names of members, for tests of scanners of text. */
final class TextFields {
  private TextFields() {}

  static FieldTree tree(List<String> names) {
    return FieldTree.of(names.stream().map(name -> List.<Step>of(new Member(name))).toList());
  }

  static int slot(FieldTree tree, String name) {
    return tree.slotOf(List.of(new Member(name)));
  }
}
