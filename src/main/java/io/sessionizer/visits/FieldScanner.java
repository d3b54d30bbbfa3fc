package io.sessionizer.visits;

import java.util.Arrays;

/**
 * Finds the fields of a {@link FieldTree} in UTF-8 JSON, in one pass and in place: values are
 * neither decoded nor copied, only the positions of the fields are kept. It checks that everything
 * is well-formed and decides nothing else: a record that is malformed or unusual is left to a JSON
 * parser. Unusual are a byte order mark, escapes in names, and deep nesting.
 *
 * <p>Programs write their records alike. A record of a {@link Layout} that was seen before is only
 * compared with it, which needs less than half of the time. Not thread-safe.
 */
final class FieldScanner {
  private static final int NOT_PLAIN = -1;

  /** Not within a field: a bit for each level says whether it is an object. */
  private static final int MAX_NESTING = Long.SIZE;

  /** In place of a value's number: a field that is missing, an object or an array. */
  private static final int NO_VALUE = -1;

  private final FieldTree tree;
  private final Layouts layouts = new Layouts();

  private final RecordFields fields;

  /** The slots of the fields within the value that is scanned. */
  private final int firstSlot;

  private final int endSlot;

  /** Of each field: the number of its value. */
  private final int[] numbers;

  /** Of each of the record's first values, objects and arrays aside: its start and its end. */
  private final int[] valueStarts = new int[Layouts.MAX_VALUES];

  private final int[] valueEnds = new int[Layouts.MAX_VALUES];
  private int values;

  private int limit;

  /** The last position from which eight bytes can be read. */
  private int last;

  /** Whether any text of the record has escapes or characters beyond ASCII. */
  private boolean hasUnusualText;

  /** Whether a field of the record may have escapes. */
  private boolean hasEscapes;

  /** Added to the types of texts and numbers: in which array they are. */
  private byte array;

  /** Whether the layout decides which value a field is. */
  private final boolean hasLayouts;

  FieldScanner(FieldTree tree, RecordFields fields) {
    this.tree = tree;
    this.fields = fields;
    this.firstSlot = tree.isField() ? tree.slot() + 1 : tree.firstSlot();
    this.endSlot = tree.endSlot();
    this.numbers = new int[endSlot];
    this.hasLayouts = !tree.hasChoices();
  }

  /**
   * Scans the JSON from {@code from} to {@code to}.
   *
   * @return whether it is a plain object; if not, the fields are undefined
   */
  boolean scan(byte[] json, int from, int to) {
    return scan(json, from, to, (byte) 0);
  }

  /**
   * Scans a text that is JSON.
   *
   * @param arrayOfText of which array of the fields it is: {@link RecordFields#DECODED} or 0
   */
  boolean scan(byte[] json, int from, int to, byte arrayOfText) {
    array = arrayOfText;
    limit = to;
    last = to - Long.BYTES;
    hasUnusualText = false;
    hasEscapes = false;
    if (!hasLayouts || !compare(json, from)) {
      if (!scanAny(json, from)) {
        return false;
      }
      if (hasLayouts && values <= Layouts.MAX_VALUES) {
        layouts.add(json, from, to, valueStarts, valueEnds, values, numbers, fields.types());
      }
    }
    if (hasEscapes) {
      fields.decodeEscapes(firstSlot, endSlot);
    }
    return true;
  }

  /** Compares the record with those seen before. */
  private boolean compare(byte[] json, int from) {
    Layout layout = layouts.root();
    int at = from;
    int value = 0;
    while (true) {
      layout = layout.next(json, at, limit);
      if (layout == null) {
        return false;
      }
      at += layout.length();
      if (layout.isEnd()) {
        setFields(layout, json);
        return true;
      }
      valueStarts[value] = at;
      at = layout.isText() ? endOfText(json, at) : passScalar(json, at);
      if (at == NOT_PLAIN) {
        return false;
      }
      valueEnds[value++] = at;
    }
  }

  private void setFields(Layout layout, byte[] json) {
    for (int slot = firstSlot; slot < endSlot; slot++) {
      int value = layout.number(slot);
      if (value == NO_VALUE) {
        fields.setType(slot, layout.type(slot));
      } else {
        int start = valueStarts[value];
        int end = valueEnds[value];
        boolean isText = json[start - 1] == '"';
        byte type = isText ? textType(json, start, end) : scalarType(json[start]);
        fields.set(slot, (byte) (type | array), start, end);
      }
    }
  }

  private boolean scanAny(byte[] json, int from) {
    clear(firstSlot, endSlot);
    values = 0;
    int at = skipSpace(json, from);
    if (byteAt(json, at) != '{') {
      return false;
    }
    at = passObject(json, at, tree);
    return at != NOT_PLAIN && skipSpace(json, at) == limit;
  }

  private void clear(int from, int to) {
    fields.clear(from, to);
    Arrays.fill(numbers, from, to, NO_VALUE);
  }

  /** Passes over an object that contains fields; like the methods below, returns where it ends. */
  private int passObject(byte[] json, int brace, FieldTree object) {
    int at = skipSpace(json, brace + 1);
    if (byteAt(json, at) == '}') {
      return at + 1;
    }
    while (byteAt(json, at) == '"') {
      int name = at + 1;
      int endOfName = endOfText(json, name);
      if (isNoPlainName(json, name, endOfName)) {
        return NOT_PLAIN;
      }
      at = passColon(json, endOfName + 1);
      if (at == NOT_PLAIN) {
        return NOT_PLAIN;
      }
      FieldTree member = object.member(json, name, endOfName);
      at = member == null ? passValue(json, at) : passField(json, at, member);
      if (at == NOT_PLAIN) {
        return NOT_PLAIN;
      }
      at = skipSpace(json, at);
      byte next = byteAt(json, at);
      if (next != ',') {
        return next == '}' ? at + 1 : NOT_PLAIN;
      }
      at = skipSpace(json, at + 1);
    }
    return NOT_PLAIN;
  }

  private int passArray(byte[] json, int bracket, FieldTree tree) {
    int at = skipSpace(json, bracket + 1);
    if (byteAt(json, at) == ']') {
      return at + 1;
    }
    ChosenElements chosen = ChosenElements.of(tree, fields);
    for (int index = 0; ; index++) {
      FieldTree element = chosen == null ? tree.element(index) : tree.anyElement();
      boolean isObject = byteAt(json, at) == '{';
      at = element == null ? passValue(json, at) : passField(json, at, element);
      if (at == NOT_PLAIN) {
        return NOT_PLAIN;
      }
      if (chosen != null) {
        chosen.add(index, isObject);
      }
      at = skipSpace(json, at);
      byte next = byteAt(json, at);
      if (next != ',') {
        return next == ']' ? at + 1 : NOT_PLAIN;
      }
      at = skipSpace(json, at + 1);
    }
  }

  /** Passes over a value that is a field or contains fields; of a repeated one the last counts. */
  private int passField(byte[] json, int at, FieldTree field) {
    clear(field.firstSlot(), field.endSlot());
    byte first = byteAt(json, at);
    if (first == '{' || first == '[') {
      if (field.isField()) {
        fields.setType(field.slot(), first == '{' ? RecordFields.OBJECT : RecordFields.ARRAY);
      }
      return !field.hasParts()
          ? passNested(json, at)
          : first == '{' ? passObject(json, at, field) : passArray(json, at, field);
    }
    int number = values;
    int end = passValue(json, at);
    if (field.isField() && end != NOT_PLAIN) {
      if (first == '"') {
        byte type = textType(json, at + 1, end - 1);
        fields.set(field.slot(), (byte) (type | array), at + 1, end - 1);
      } else {
        fields.set(field.slot(), (byte) (scalarType(first) | array), at, end);
      }
      numbers[field.slot()] = number;
    }
    return end;
  }

  private byte textType(byte[] json, int from, int to) {
    byte type = RecordFields.ASCII_TEXT;
    for (int at = from; hasUnusualText && at < to; at++) {
      if (json[at] == '\\') {
        hasEscapes = true;
        return RecordFields.ESCAPED_TEXT;
      }
      type = json[at] < 0 ? RecordFields.UTF8_TEXT : type;
    }
    return type;
  }

  private static byte scalarType(byte first) {
    return switch (first) {
      case 'n' -> RecordFields.MISSING;
      case 't' -> RecordFields.TRUE;
      case 'f' -> RecordFields.FALSE;
      default -> RecordFields.NUMBER;
    };
  }

  /** Passes over a value without fields. */
  private int passValue(byte[] json, int at) {
    return switch (byteAt(json, at)) {
      case '"' -> {
        int end = endOfText(json, at + 1);
        add(at + 1, end);
        yield behind(end);
      }
      case '{', '[' -> passNested(json, at);
      default -> {
        int end = passScalar(json, at);
        add(at, end);
        yield end;
      }
    };
  }

  private void add(int start, int end) {
    if (values < Layouts.MAX_VALUES) {
      valueStarts[values] = start;
      valueEnds[values] = end;
    }
    values++;
  }

  private int passScalar(byte[] json, int at) {
    return switch (byteAt(json, at)) {
      case 't' -> passLetters(json, at, 'r', 'u', 'e');
      case 'n' -> passLetters(json, at, 'u', 'l', 'l');
      case 'f' ->
          byteAt(json, at + 4) == 'e' ? behind(passLetters(json, at, 'a', 'l', 's')) : NOT_PLAIN;
      default -> passNumber(json, at);
    };
  }

  /** Passes over an object or an array without fields. */
  private int passNested(byte[] json, int start) {
    long objects = 0; // the lowest bit is that of the innermost level
    int nesting = 0;
    int at = start;
    while (true) {
      byte first = byteAt(json, at);
      if (first == '{' || first == '[') {
        boolean isObject = first == '{';
        if (++nesting > MAX_NESTING) {
          return NOT_PLAIN;
        }
        objects = (objects << 1) | (isObject ? 1 : 0);
        at = skipSpace(json, at + 1);
        if (byteAt(json, at) != (isObject ? '}' : ']')) {
          at = isObject ? passName(json, at) : at;
          if (at == NOT_PLAIN) {
            return NOT_PLAIN;
          }
          continue;
        }
      } else {
        at = passValue(json, at);
        if (at == NOT_PLAIN) {
          return NOT_PLAIN;
        }
        at = skipSpace(json, at);
      }
      while (byteAt(json, at) == ((objects & 1) != 0 ? '}' : ']')) {
        objects >>>= 1;
        nesting--;
        at++;
        if (nesting == 0) {
          return at;
        }
        at = skipSpace(json, at);
      }
      if (byteAt(json, at) != ',') {
        return NOT_PLAIN;
      }
      at = skipSpace(json, at + 1);
      at = (objects & 1) != 0 ? passName(json, at) : at;
      if (at == NOT_PLAIN) {
        return NOT_PLAIN;
      }
    }
  }

  /** Passes over a name, its colon and the space behind it. */
  private int passName(byte[] json, int at) {
    if (byteAt(json, at) != '"') {
      return NOT_PLAIN;
    }
    int end = endOfText(json, at + 1);
    return isNoPlainName(json, at + 1, end) ? NOT_PLAIN : passColon(json, end + 1);
  }

  /** Whether a name has no end, or escapes: it may be that of a field, or half a character. */
  private boolean isNoPlainName(byte[] json, int from, int to) {
    return to == NOT_PLAIN || textType(json, from, to) == RecordFields.ESCAPED_TEXT;
  }

  private int passColon(byte[] json, int from) {
    int at = skipSpace(json, from);
    return byteAt(json, at) == ':' ? skipSpace(json, at + 1) : NOT_PLAIN;
  }

  /** Returns where the quotation mark is that ends the text from {@code from} on. */
  private int endOfText(byte[] json, int from) {
    int at = from;
    for (; at <= last; at += Long.BYTES) {
      int plain = EightBytes.plainTextBytes(EightBytes.at(json, at));
      if (plain < Long.BYTES) {
        at += plain;
        break;
      }
    }
    return byteAt(json, at) == '"' ? at : endOfUnusualText(json, at);
  }

  private int endOfUnusualText(byte[] json, int from) {
    int at = from;
    while (at < limit) {
      byte b = json[at];
      if (b == '"') {
        return at;
      }
      if (b == '\\') {
        hasUnusualText = true;
        at = passEscape(json, at);
      } else if (b < 0) {
        hasUnusualText = true;
        at = passCharacter(json, at);
      } else {
        at = b < ' ' ? NOT_PLAIN : at + 1;
      }
      if (at == NOT_PLAIN) {
        return NOT_PLAIN;
      }
    }
    return NOT_PLAIN;
  }

  private int passEscape(byte[] json, int backslash) {
    return switch (byteAt(json, backslash + 1)) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> backslash + 2;
      case 'u' -> {
        for (int i = backslash + 2; i < backslash + 6; i++) {
          if (Character.digit(byteAt(json, i), 16) < 0) {
            yield NOT_PLAIN;
          }
        }
        yield backslash + 6;
      }
      default -> NOT_PLAIN;
    };
  }

  /** Passes over a character beyond ASCII: two to four bytes of UTF-8, as RFC 3629 has them. */
  private int passCharacter(byte[] json, int at) {
    int first = json[at] & 0xFF;
    int second = byteAt(json, at + 1) & 0xFF;
    if (first < 0xE0) {
      return first >= 0xC2 && isContinuation(second) ? at + 2 : NOT_PLAIN;
    }
    boolean isThree = first < 0xF0;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return first <= 0xF4
            && second >= least
            && second <= most
            && isContinuation(byteAt(json, at + 2))
            && (isThree || isContinuation(byteAt(json, at + 3)))
        ? at + (isThree ? 3 : 4)
        : NOT_PLAIN;
  }

  private static boolean isContinuation(int b) {
    return (b & 0xC0) == 0x80;
  }

  private int passLetters(byte[] json, int at, char second, char third, char fourth) {
    return byteAt(json, at + 1) == second
            && byteAt(json, at + 2) == third
            && byteAt(json, at + 3) == fourth
        ? at + 4
        : NOT_PLAIN;
  }

  private int passNumber(byte[] json, int from) {
    int first = byteAt(json, from) == '-' ? from + 1 : from;
    int at = passDigits(json, first);
    if (at == first || (json[first] == '0' && at > first + 1)) {
      return NOT_PLAIN;
    }
    if (byteAt(json, at) == '.') {
      int fraction = at + 1;
      at = passDigits(json, fraction);
      if (at == fraction) {
        return NOT_PLAIN;
      }
    }
    if (byteAt(json, at) == 'e' || byteAt(json, at) == 'E') {
      byte sign = byteAt(json, at + 1);
      int exponent = sign == '+' || sign == '-' ? at + 2 : at + 1;
      at = passDigits(json, exponent);
      if (at == exponent) {
        return NOT_PLAIN;
      }
    }
    return at;
  }

  private int passDigits(byte[] json, int from) {
    int at = from;
    while (byteAt(json, at) >= '0' && byteAt(json, at) <= '9') {
      at++;
    }
    return at;
  }

  private int skipSpace(byte[] json, int from) {
    int at = from;
    while (at < limit && json[at] <= ' ' && isSpace(json[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** Returns a byte; at the limit 0, which is nowhere in plain JSON. */
  private byte byteAt(byte[] json, int at) {
    return at < limit ? json[at] : 0;
  }

  private static int behind(int end) {
    return end == NOT_PLAIN ? NOT_PLAIN : end + 1;
  }
}
