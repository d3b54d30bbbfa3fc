package io.sessionizer.visits;

/** What a field is that a scanner does not find by itself: computed of those that it finds. */
interface Evaluation {
  /**
   * Returns the slot that has the value: of a field that was found, or one into which it was
   * computed.
   */
  int evaluate(RecordFields fields);
}
