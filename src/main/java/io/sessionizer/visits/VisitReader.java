package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.VisitFormat;
import io.sessionizer.visits.VisitFields.Field;
import java.nio.charset.Charset;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads visits from JSON: in place where it is as plain as nearly all of it is, else by {@link
 * VisitJson}, which takes several times as long, and alone rejects. Not thread-safe.
 */
final class VisitReader {
  private final VisitFields fields;
  private final FieldScanner scanner;
  private final EventTimeReader times = new EventTimeReader();
  private long eventTimeMillis;

  VisitReader(VisitFields fields) {
    this.fields = fields;
    this.scanner = new FieldScanner(fields.tree());
  }

  /**
   * Reads the visit that the JSON from {@code from} to {@code to} is.
   *
   * @throws RejectedVisitException if it is none
   */
  Visit read(byte[] json, int from, int to) throws RejectedVisitException {
    return scan(json, from, to) ? visit(json) : VisitJson.parse(json, from, to, fields);
  }

  /** Reads the visit if it is plain, without creating objects; returns whether it is. */
  boolean scan(byte[] json, int from, int to) {
    if (!scanner.scan(json, from, to)
        || !isVisitId(json, fields.visitId())
        || !scanner.isText(fields.eventTime().slot())
        || !isOptionalText(fields.userId())
        || !isOptionalText(fields.page())) {
      return false;
    }
    int time = fields.eventTime().slot();
    eventTimeMillis = times.millis(json, scanner.start(time), scanner.end(time));
    return eventTimeMillis != EventTimeReader.NONE;
  }

  /** Returns the visit that was scanned. */
  Visit visit(byte[] json) {
    return new Visit(
        text(json, fields.visitId()),
        eventTimeMillis,
        optionalText(json, fields.userId()),
        optionalText(json, fields.page()));
  }

  VisitFields fields() {
    return fields;
  }

  /** The scanner with the fields of the visit that was scanned. */
  FieldScanner scanner() {
    return scanner;
  }

  /** The event time of the visit that was scanned. */
  long eventTimeMillis() {
    return eventTimeMillis;
  }

  private boolean isVisitId(byte[] json, Field field) {
    int slot = field.slot();
    if (!scanner.isTextOrNumber(slot) || !fits(slot)) {
      return false;
    }
    for (int at = scanner.start(slot); at < scanner.end(slot); at++) {
      if (json[at] > ' ') {
        return true;
      }
    }
    return !scanner.isAscii(slot) && !text(json, field).isBlank();
  }

  private boolean isOptionalText(Field field) {
    return scanner.isMissing(field.slot())
        || (scanner.isTextOrNumber(field.slot()) && fits(field.slot()));
  }

  /** Whether a text is short enough even if each of its bytes is a character. */
  private boolean fits(int slot) {
    return scanner.end(slot) - scanner.start(slot) <= VisitFormat.MAX_TEXT_CHARACTERS;
  }

  private @Nullable String optionalText(byte[] json, Field field) {
    return scanner.isMissing(field.slot()) ? null : text(json, field);
  }

  private String text(byte[] json, Field field) {
    int slot = field.slot();
    Charset charset = scanner.isAscii(slot) ? ISO_8859_1 : UTF_8; // the former only copies
    return new String(json, scanner.start(slot), scanner.end(slot) - scanner.start(slot), charset);
  }
}
