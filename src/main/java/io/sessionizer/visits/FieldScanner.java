package io.sessionizer.visits;

import java.util.Arrays;

/**
 * Finds the fields of a {@link FieldTree} in UTF-8 JSON, in one pass and in place: values are
 * neither decoded nor copied, only the positions of the fields are kept. It checks that everything
 * is well-formed and decides nothing else: a record that is malformed or unusual is left to a JSON
 * parser. Unusual are a byte order mark, escapes in names and fields, and deep nesting.
 *
 * <p>Programs write their records alike. A record of a {@link Layout} that was seen before is only
 * compared with it, which needs less than half of the time. Not thread-safe.
 */
final class FieldScanner {
  private static final int NOT_PLAIN = -1;

  /** Not within a field: a bit for each level says whether it is an object. */
  private static final int MAX_NESTING = Long.SIZE;

  /** A field that is missing or null. */
  private static final byte MISSING = 0;

  private static final byte ASCII_TEXT = 1;
  private static final byte UTF8_TEXT = 2;
  private static final byte NUMBER = 3;

  /** A field with a value of another type, or a text with escapes. */
  private static final byte OTHER = 4;

  /** In place of a value's number: a field that is missing, an object or an array. */
  private static final int NO_VALUE = -1;

  private final FieldTree tree;
  private final Layouts layouts = new Layouts();

  /** Of each field: its type, its start, its end, and the number of its value. */
  private final byte[] types;

  private final int[] starts;
  private final int[] ends;
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

  FieldScanner(FieldTree tree) {
    this.tree = tree;
    this.types = new byte[tree.endSlot()];
    this.starts = new int[tree.endSlot()];
    this.ends = new int[tree.endSlot()];
    this.numbers = new int[tree.endSlot()];
  }

  /**
   * Scans the JSON from {@code from} to {@code to}.
   *
   * @return whether it is a plain object; if not, there are no fields
   */
  boolean scan(byte[] json, int from, int to) {
    limit = to;
    last = to - Long.BYTES;
    hasUnusualText = false;
    if (compare(json, from)) {
      return true;
    }
    boolean isPlain = scanAny(json, from);
    if (isPlain && values <= Layouts.MAX_VALUES) {
      layouts.add(json, from, to, valueStarts, valueEnds, values, numbers, types);
    }
    return isPlain;
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
    for (int slot = 0; slot < types.length; slot++) {
      int value = layout.number(slot);
      if (value == NO_VALUE) {
        types[slot] = layout.type(slot);
      } else {
        int start = valueStarts[value];
        int end = valueEnds[value];
        types[slot] = json[start - 1] == '"' ? textType(json, start, end) : scalarType(json[start]);
        starts[slot] = start;
        ends[slot] = end;
      }
    }
  }

  private boolean scanAny(byte[] json, int from) {
    Arrays.fill(types, MISSING);
    Arrays.fill(numbers, NO_VALUE);
    values = 0;
    int at = skipSpace(json, from);
    if (byteAt(json, at) != '{') {
      return false;
    }
    at = passObject(json, at, tree);
    return at != NOT_PLAIN && skipSpace(json, at) == limit;
  }

  /** Whether a field is missing or null. */
  boolean isMissing(int slot) {
    return types[slot] == MISSING;
  }

  /** Whether a field is a text without escapes. */
  boolean isText(int slot) {
    return types[slot] == ASCII_TEXT || types[slot] == UTF8_TEXT;
  }

  /** Whether a field is a text without escapes, or a number. */
  boolean isTextOrNumber(int slot) {
    return types[slot] != MISSING && types[slot] != OTHER;
  }

  /** Whether a text or number is ASCII. */
  boolean isAscii(int slot) {
    return types[slot] != UTF8_TEXT;
  }

  /** Where a text or number begins, without its quotation mark. */
  int start(int slot) {
    return starts[slot];
  }

  /** Where a text or number ends. */
  int end(int slot) {
    return ends[slot];
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

  private int passArray(byte[] json, int bracket, FieldTree array) {
    int at = skipSpace(json, bracket + 1);
    if (byteAt(json, at) == ']') {
      return at + 1;
    }
    for (int index = 0; ; index++) {
      FieldTree element = array.element(index);
      at = element == null ? passValue(json, at) : passField(json, at, element);
      if (at == NOT_PLAIN) {
        return NOT_PLAIN;
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
    Arrays.fill(types, field.firstSlot(), field.endSlot(), MISSING);
    Arrays.fill(numbers, field.firstSlot(), field.endSlot(), NO_VALUE);
    byte first = byteAt(json, at);
    if (first == '{' || first == '[') {
      if (field.isField()) {
        types[field.slot()] = OTHER;
      }
      return !field.hasParts()
          ? passNested(json, at)
          : first == '{' ? passObject(json, at, field) : passArray(json, at, field);
    }
    int number = values;
    int end = passValue(json, at);
    if (field.isField() && end != NOT_PLAIN) {
      boolean isText = first == '"';
      types[field.slot()] = isText ? textType(json, at + 1, end - 1) : scalarType(first);
      starts[field.slot()] = isText ? at + 1 : at;
      ends[field.slot()] = isText ? end - 1 : end;
      numbers[field.slot()] = number;
    }
    return end;
  }

  private byte textType(byte[] json, int from, int to) {
    byte type = ASCII_TEXT;
    for (int at = from; hasUnusualText && at < to; at++) {
      if (json[at] == '\\') {
        return OTHER;
      }
      type = json[at] < 0 ? UTF8_TEXT : type;
    }
    return type;
  }

  private static byte scalarType(byte first) {
    return switch (first) {
      case 'n' -> MISSING;
      case 't', 'f' -> OTHER;
      default -> NUMBER;
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
    return to == NOT_PLAIN || textType(json, from, to) == OTHER;
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
