package io.sessionizer.visits;

import java.util.Locale;

/**
 * A text in lower case.
 *
 * @param text which
 * @param slot where the result goes
 */
record LowerCase(Evaluation text, int slot) implements Evaluation {
  @Override
  public int evaluate(RecordFields fields) {
    int from = text.evaluate(fields);
    if (!fields.isTextOrNumber(from)) {
      return from;
    }
    if (!fields.isAscii(from)) {
      fields.setText(slot, fields.text(from).toLowerCase(Locale.ROOT));
      return slot;
    }
    int to = fields.end(from);
    fields.startText();
    for (int at = fields.start(from); at < to; at++) {
      byte b = fields.bytes(from)[at];
      fields.append(b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b);
    }
    fields.endText(slot);
    return slot;
  }
}
