package io.sessionizer.visits;

/**
 * The first of several values that is there.
 *
 * @param alternatives of which
 */
record FirstPresent(Evaluation[] alternatives) implements Evaluation {
  @Override
  public int evaluate(RecordFields fields) {
    int slot = -1;
    for (Evaluation alternative : alternatives) {
      slot = alternative.evaluate(fields);
      if (fields.type(slot) != RecordFields.MISSING) {
        return slot;
      }
    }
    return slot;
  }
}
