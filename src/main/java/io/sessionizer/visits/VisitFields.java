package io.sessionizer.visits;

import io.sessionizer.records.VisitFormat;
import java.util.List;

/**
 * The fields of a visit in a record's JSON, compiled for {@link FieldScanner}. Each is named by the
 * member that has it, or by a JSON Pointer (RFC 6901) such as {@code /context/user/id}.
 */
final class VisitFields {
  /** Those of the visits topic. */
  static final VisitFields DEFAULT =
      of(VisitFormat.VISIT_ID, VisitFormat.EVENT_TIME, VisitFormat.USER_ID, VisitFormat.PAGE);

  private final FieldTree tree;
  private final Field visitId;
  private final Field eventTime;
  private final Field userId;
  private final Field page;

  /**
   * A field.
   *
   * @param name its name or pointer
   * @param slot its number in {@link #tree}
   */
  record Field(String name, int slot) {}

  private VisitFields(
      FieldTree tree, String visitId, String eventTime, String userId, String page) {
    this.tree = tree;
    this.visitId = new Field(visitId, tree.slotOf(visitId));
    this.eventTime = new Field(eventTime, tree.slotOf(eventTime));
    this.userId = new Field(userId, tree.slotOf(userId));
    this.page = new Field(page, tree.slotOf(page));
  }

  /** Compiles the names or pointers of the fields. */
  static VisitFields of(String visitId, String eventTime, String userId, String page) {
    FieldTree tree = FieldTree.of(List.of(visitId, eventTime, userId, page));
    return new VisitFields(tree, visitId, eventTime, userId, page);
  }

  FieldTree tree() {
    return tree;
  }

  Field visitId() {
    return visitId;
  }

  Field eventTime() {
    return eventTime;
  }

  Field userId() {
    return userId;
  }

  Field page() {
    return page;
  }
}
