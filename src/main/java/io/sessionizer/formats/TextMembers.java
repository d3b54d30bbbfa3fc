package io.sessionizer.formats;

import io.sessionizer.formats.FieldExpression.Member;
import io.sessionizer.formats.FieldExpression.Node;
import io.sessionizer.formats.FieldExpression.Pointer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The members of events whose records are text: columns, or the groups of an expression. */
final class TextMembers {
  /** Required fields, which are named even if no flag is given. */
  private static final Set<String> REQUIRED = Set.of(FormatFlags.VISIT_ID, FormatFlags.EVENT_TIME);

  /** How many names a message has. */
  private static final int MAX_NAMES = 20;

  private final InputFormat format;
  private final String kind;
  private final List<String> names;

  TextMembers(InputFormat format) {
    this.format = format;
    boolean isRegex = format.recordFormat().notation() == RecordFormat.Notation.REGEX;
    this.kind = isRegex ? "group" : "column";
    this.names =
        isRegex ? List.copyOf(format.recordFormat().pattern().groups().keySet()) : format.columns();
  }

  /**
   * Checks that fields are among the members, if these are known: those of JSON are not, nor are
   * columns that the first line of a file names.
   *
   * @param given the flags that are given
   * @param problems takes what is wrong, one sentence each
   */
  void check(Set<String> given, List<String> problems) {
    if (names.isEmpty()) {
      return;
    }
    if (format.recordField() != null) {
      check(
          given(FormatFlags.RECORD_FIELD, format.recordField().text()),
          format.recordField().pointer(),
          problems);
      return; // the other fields are those of the JSON in it
    }
    format
        .jsonText()
        .forEach(
            text -> check(given(FormatFlags.JSON_TEXT, text.text()), text.pointer(), problems));
    Map<String, @Nullable FieldExpression> fields = new LinkedHashMap<>();
    fields.put(FormatFlags.VISIT_ID, format.visitId());
    fields.put(FormatFlags.EVENT_TIME, format.eventTime());
    fields.put(FormatFlags.USER_ID, format.userId());
    fields.put(FormatFlags.PAGE, format.page());
    fields.putAll(format.own());
    if (format.where() != null) {
      format
          .where()
          .fields()
          .forEach(field -> check(given(FormatFlags.WHERE, field.text()), field, problems));
    }
    fields.forEach(
        (flag, field) -> {
          if (field != null && (REQUIRED.contains(flag) || given.contains(flag))) {
            check(given(flag, field.text()), field, problems);
          }
        });
  }

  /**
   * Checks a field that is projected.
   *
   * @param flag with its value, for the message
   */
  void check(String flag, ProjectedField projected, List<String> problems) {
    if (!names.isEmpty() && format.recordField() == null) {
      projected.fields().forEach(field -> check(flag, field, problems));
    }
  }

  private static String given(String flag, String value) {
    return flag + "=" + value;
  }

  private void check(String flag, FieldExpression field, List<String> problems) {
    for (Node leaf : field.leaves()) {
      if (leaf instanceof Pointer pointer) {
        check(flag, pointer, problems);
      }
    }
  }

  private void check(String flag, Pointer pointer, List<String> problems) {
    if (!isMember(pointer)) {
      problems.add(
          "%s: no %s is called %s; there are %s".formatted(flag, kind, named(pointer), listed()));
    }
  }

  /** Whether a field is a member, or within JSON that is the text of one. */
  private boolean isMember(Pointer pointer) {
    return pointer.steps().get(0) instanceof Member member
        && names.contains(member.name())
        && (pointer.steps().size() == 1 || isJson(member));
  }

  private boolean isJson(Member member) {
    return format.jsonText().stream()
        .anyMatch(text -> text.pointer().steps().equals(List.of(member)));
  }

  private static String named(Pointer pointer) {
    return pointer.steps().size() == 1 && pointer.steps().get(0) instanceof Member member
        ? member.name()
        : FieldExpression.format(pointer);
  }

  private String listed() {
    return names.size() <= MAX_NAMES
        ? String.join(", ", names)
        : "%s and %s more"
            .formatted(String.join(", ", names.subList(0, MAX_NAMES)), names.size() - MAX_NAMES);
  }
}
