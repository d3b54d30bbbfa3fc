package io.sessionizer.visits;

import io.sessionizer.records.VisitFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads visits whose JSON is as plain as nearly all of it is: ASCII, no escapes, no exponents, and
 * texts in the fields that a visit has. This is twice as fast as a JSON parser, since only the
 * texts of the visit are created. It decides nothing else: whatever is not plain, or no JSON at
 * all, is for {@link VisitJson} to read.
 */
final class PlainJson {
  private static final int MAX_PLAIN_NESTING = 16;

  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] NULL = ascii("null");

  private final byte[] json;
  private int at;

  private final Text visitId = new Text(VisitFormat.VISIT_ID);
  private final Text eventTime = new Text(VisitFormat.EVENT_TIME);
  private final Text userId = new Text(VisitFormat.USER_ID);
  private final Text page = new Text(VisitFormat.PAGE);

  private PlainJson(byte[] json) {
    this.json = json;
  }

  /**
   * Reads the visit that {@code json} is; null if that is not plain.
   *
   * @throws RejectedVisitException if it is plain, but its event time is none
   */
  static @Nullable Visit parse(byte[] json) throws RejectedVisitException {
    return new PlainJson(json).visit();
  }

  private @Nullable Visit visit() throws RejectedVisitException {
    skipSpace();
    if (!passObject(MAX_PLAIN_NESTING)) {
      return null;
    }
    skipSpace();
    String id = visitId.text();
    String time = eventTime.text();
    if (at < json.length || id == null || id.isBlank() || time == null) {
      return null;
    }
    return new Visit(id, EventTime.parseMillis(time), userId.text(), page.text());
  }

  private boolean passObject(int nesting) {
    if (nesting == 0 || !pass('{')) {
      return false;
    }
    if (pass('}')) {
      return true;
    }
    do {
      int name = at + 1;
      if (!passText()) {
        return false;
      }
      int end = at - 1;
      skipSpace();
      if (!pass(':')) {
        return false;
      }
      Text field = nesting == MAX_PLAIN_NESTING ? field(name, end) : null;
      if (field == null ? !passValue(nesting - 1) : !field.read()) {
        return false;
      }
      skipSpace();
    } while (pass(','));
    return pass('}');
  }

  private boolean passArray(int nesting) {
    if (nesting == 0 || !pass('[')) {
      return false;
    }
    if (pass(']')) {
      return true;
    }
    do {
      if (!passValue(nesting - 1)) {
        return false;
      }
      skipSpace();
    } while (pass(','));
    return pass(']');
  }

  private boolean passValue(int nesting) {
    return switch (next()) {
      case '"' -> passText();
      case '{' -> passObject(nesting);
      case '[' -> passArray(nesting);
      case 't' -> passLiteral(TRUE);
      case 'f' -> passLiteral(FALSE);
      case 'n' -> passLiteral(NULL);
      default -> passNumber();
    };
  }

  /** Passes over a text, quotation marks included. */
  private boolean passText() {
    if (next() != '"') {
      return false;
    }
    for (int i = at + 1; i < json.length; i++) {
      byte b = json[i];
      if (b == '"') {
        at = i + 1;
        return true;
      }
      if (b < ' ' || b == '\\') { // bytes of other characters are negative
        return false;
      }
    }
    return false;
  }

  private boolean passLiteral(byte[] literal) {
    int end = at + literal.length;
    boolean isThere =
        end <= json.length && Arrays.equals(json, at, end, literal, 0, literal.length);
    at = end;
    return isThere;
  }

  private boolean passNumber() {
    if (next() == '-') {
      at++;
    }
    int first = at;
    if (!passDigits() || (json[first] == '0' && at > first + 1)) {
      return false;
    }
    if (next() != '.') {
      return true;
    }
    at++;
    return passDigits();
  }

  private boolean passDigits() {
    int first = at;
    while (next() >= '0' && next() <= '9') {
      at++;
    }
    return at > first;
  }

  private @Nullable Text field(int from, int to) {
    return switch (to - from) {
      case 4 -> page.ifCalled(from);
      case 7 -> userId.ifCalled(from);
      case 8 -> visitId.ifCalled(from);
      case 10 -> eventTime.ifCalled(from);
      default -> null;
    };
  }

  /** Returns whether {@code c} is next; it and the space behind it are then passed over. */
  private boolean pass(char c) {
    if (next() != c) {
      return false;
    }
    at++;
    skipSpace();
    return true;
  }

  private void skipSpace() {
    while (next() == ' ' || next() == '\n' || next() == '\r' || next() == '\t') {
      at++;
    }
  }

  /** Returns the next byte; at the end 0, which is nowhere in plain JSON. */
  private byte next() {
    return at < json.length ? json[at] : 0;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A field of a visit: where its text is, if it has one. */
  private final class Text {
    private final byte[] name;
    private int from;
    private int to = -1;

    Text(String name) {
      this.name = ascii(name);
    }

    @Nullable Text ifCalled(int nameFrom) {
      return Arrays.equals(json, nameFrom, nameFrom + name.length, name, 0, name.length)
          ? this
          : null;
    }

    /** Passes over the field's value, unless that is neither a text nor null. */
    boolean read() {
      if (next() == 'n') {
        to = -1;
        return passLiteral(NULL);
      }
      from = at + 1;
      boolean isText = passText();
      to = at - 1;
      return isText && to - from <= VisitFormat.MAX_TEXT_CHARACTERS;
    }

    @Nullable String text() {
      return to < 0 ? null : new String(json, from, to - from, StandardCharsets.ISO_8859_1);
    }
  }
}
