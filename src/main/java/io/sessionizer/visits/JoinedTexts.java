package io.sessionizer.visits;

/** Several texts as one. Not thread-safe. */
final class JoinedTexts implements Evaluation {
  private final Evaluation[] parts;
  private final int[] slots;
  private final char separator;
  private final boolean isEscaped;
  private final int slot;

  /**
   * Creates the evaluation.
   *
   * @param parts which texts
   * @param separator what is between them
   * @param isEscaped whether the separator gets a backslash before it where a part has it, as does
   *     a backslash: then different parts are different texts
   * @param slot where the text goes
   */
  JoinedTexts(Evaluation[] parts, char separator, boolean isEscaped, int slot) {
    this.parts = parts;
    this.slots = new int[parts.length];
    this.separator = separator;
    this.isEscaped = isEscaped;
    this.slot = slot;
  }

  @Override
  public int evaluate(RecordFields fields) {
    for (int i = 0; i < parts.length; i++) {
      slots[i] = parts[i].evaluate(fields);
      if (!fields.isTextOrNumber(slots[i])) {
        return slots[i];
      }
    }
    fields.startText();
    for (int i = 0; i < parts.length; i++) {
      if (i > 0) {
        fields.append((byte) separator);
      }
      append(slots[i], fields);
    }
    fields.endText(slot);
    return slot;
  }

  private void append(int part, RecordFields fields) {
    int to = fields.end(part);
    for (int at = fields.start(part); at < to; at++) {
      byte b = fields.bytes(part)[at];
      if (isEscaped && (b == separator || b == '\\')) {
        fields.append((byte) '\\');
      }
      fields.append(b);
    }
  }
}
