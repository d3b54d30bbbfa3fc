package io.sessionizer.visits;

import io.sessionizer.records.Reason;
import io.sessionizer.visits.VisitFields.NestedText;
import java.nio.ByteBuffer;
import java.util.Base64;

/** Finds fields in a text of a record that is JSON itself. Not thread-safe. */
final class NestedTextScanner {
  private final NestedText text;
  private final RecordFields fields;
  private final int slot;
  private final FieldScanner inPlace;
  private final ParsedJsonScanner parser;

  NestedTextScanner(NestedText text, RecordFields fields) {
    this.text = text;
    this.fields = fields;
    this.slot = text.value().slot();
    this.inPlace = new FieldScanner(text.value(), fields);
    this.parser = new ParsedJsonScanner(text.value(), fields, "the text of " + text.name());
  }

  /** The slot of the text. */
  int slot() {
    return slot;
  }

  /**
   * Finds the fields in the text, if it is one: it may be an object, or missing.
   *
   * @throws RejectedVisitException if the text is not an object of JSON, or the event is neither
   */
  void scan() throws RejectedVisitException {
    int type = fields.type(slot);
    if (type != RecordFields.ASCII_TEXT && type != RecordFields.UTF8_TEXT) {
      if (text.isEvent() && (text.isBase64() || type != RecordFields.OBJECT)) {
        throw noEvent(type);
      }
      return;
    }
    if (text.isBase64()) {
      decodeBase64();
    }
    byte[] bytes = fields.bytes(slot);
    int from = fields.start(slot);
    int to = fields.end(slot);
    if (!inPlace.scan(bytes, from, to, fields.array(slot))) {
      parser.scan(bytes, from, to);
    }
  }

  private RejectedVisitException noEvent(int type) {
    String found = type == RecordFields.MISSING ? "missing or null" : fields.named(slot);
    String expected = text.isBase64() ? "a text in Base64" : "an object or a text";
    return new RejectedVisitException(
        Reason.NOT_AN_OBJECT,
        "the event at %s is %s, not %s".formatted(text.name(), found, expected));
  }

  private void decodeBase64() throws RejectedVisitException {
    ByteBuffer coded =
        ByteBuffer.wrap(
            fields.bytes(slot), fields.start(slot), fields.end(slot) - fields.start(slot));
    try {
      fields.setBytes(slot, Base64.getDecoder().decode(coded).array());
    } catch (IllegalArgumentException e) {
      throw new RejectedVisitException(
          Reason.NOT_JSON, "the text of " + text.name() + " is not Base64: " + e.getMessage());
    }
    if (fields.type(slot) == RecordFields.NOT_UTF8) {
      throw new RejectedVisitException(
          Reason.NOT_JSON, "the text of " + text.name() + " is not UTF-8 behind its Base64");
    }
  }
}
