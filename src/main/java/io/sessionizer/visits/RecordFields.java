package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The fields of a record, by slot: of each its type, and the slice that its text is. The text is a
 * slice of the record itself, or of a second array with texts that had to be decoded. Not
 * thread-safe; each record replaces the one before.
 *
 * <p>{@link VisitReader} calls {@link #startRecord}, then a {@link RecordScanner} sets what it
 * finds.
 */
final class RecordFields {
  /** A field that is not there, or null. */
  static final byte MISSING = 0;

  /** A text of ASCII characters. */
  static final byte ASCII_TEXT = 1;

  /** A text, in well-formed UTF-8. */
  static final byte UTF8_TEXT = 2;

  /** A number, as JSON writes it. */
  static final byte NUMBER = 3;

  /** A text with half of a surrogate pair, in place of which it has a question mark. */
  static final byte HALF_CHARACTERS = 4;

  /** A text between quotation marks that is well-formed, but has escapes. */
  static final byte ESCAPED_TEXT = 5;

  static final byte TRUE = 6;
  static final byte FALSE = 7;
  static final byte OBJECT = 8;
  static final byte ARRAY = 9;

  /** Bytes that should be a text, but are not UTF-8. */
  static final byte NOT_UTF8 = 10;

  /** Added to the type of a field whose text was decoded. */
  static final byte DECODED = 16;

  private static final int TYPE = 15;
  private static final int FIRST_BYTES = 1024;

  private final byte[] types;
  private final int[] starts;
  private final int[] ends;
  private byte[] record = {};
  private byte[] decoded = new byte[FIRST_BYTES];
  private int decodedBytes;

  /** Where the text starts that is being written. */
  private int startOfText;

  /** Creates the fields with slots from 0 to {@code slots}. */
  RecordFields(int slots) {
    this.types = new byte[slots];
    this.starts = new int[slots];
    this.ends = new int[slots];
  }

  /** Starts with another record, whose fields are still those of the one before. */
  void startRecord(byte[] bytes) {
    record = bytes;
    decodedBytes = 0;
  }

  /** Makes the fields from {@code from} to {@code to} missing. */
  void clear(int from, int to) {
    Arrays.fill(types, from, to, MISSING);
  }

  /** Sets a field whose text is a slice of the record; of an object, say, it has no meaning. */
  void set(int slot, byte type, int start, int end) {
    types[slot] = type;
    starts[slot] = start;
    ends[slot] = end;
  }

  /** Sets a field to what another one is. */
  void copy(int from, int to) {
    set(to, types[from], starts[from], ends[from]);
  }

  /** Whether a field is a certain text, in UTF-8. */
  boolean isText(int slot, byte[] utf8) {
    decodeEscapes(slot, slot + 1);
    int type = type(slot);
    return (type == ASCII_TEXT || type == UTF8_TEXT)
        && Arrays.equals(bytes(slot), starts[slot], ends[slot], utf8, 0, utf8.length);
  }

  /** Sets a field to a copy of a text in well-formed UTF-8. */
  void setText(int slot, byte[] utf8, int from, int to) {
    int start = decodedBytes;
    append(utf8, from, to);
    setDecoded(slot, start);
  }

  /** Sets a field to a text, which may have half of a surrogate pair. */
  void setText(int slot, String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    setText(slot, utf8, 0, utf8.length);
    if (hasSurrogate(text) && !UTF_8.newEncoder().canEncode(text)) {
      types[slot] = HALF_CHARACTERS | DECODED;
    }
  }

  /** Sets a field to bytes that should be UTF-8. */
  void setBytes(int slot, byte @Nullable [] bytes) {
    if (bytes == null) {
      types[slot] = MISSING;
      return;
    }
    startText();
    append(bytes, 0, bytes.length);
    if (!endTextIfUtf8(slot)) {
      types[slot] = NOT_UTF8;
    }
  }

  /** Sets a field to a number, as JSON writes it. */
  void setNumber(int slot, String number) {
    setText(slot, number);
    types[slot] = NUMBER | DECODED;
  }

  /** Sets a field to a type without a text. */
  void setType(int slot, byte type) {
    types[slot] = type;
  }

  /** Returns in which array a field's text is: {@link #DECODED} or 0. */
  byte array(int slot) {
    return (byte) (types[slot] & DECODED);
  }

  /** Returns the types of all fields; to be read only. */
  byte[] types() {
    return types;
  }

  /** Returns the type of a field. */
  byte type(int slot) {
    return (byte) (types[slot] & TYPE);
  }

  /** Returns the type of a field that is no text, for a message. */
  String named(int slot) {
    return switch (type(slot)) {
      case NUMBER -> "a number";
      case TRUE -> "true";
      case FALSE -> "false";
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case NOT_UTF8 -> "bytes that are not UTF-8";
      default -> "a text";
    };
  }

  /** Whether a field is a text. */
  boolean isAnyText(int slot) {
    int type = type(slot);
    return type == ASCII_TEXT || type == UTF8_TEXT || type == HALF_CHARACTERS;
  }

  /** Whether a field is a text of whole characters, or a number. */
  boolean isTextOrNumber(int slot) {
    int type = type(slot);
    return type != MISSING && type <= NUMBER;
  }

  /** Whether a text or a number is known to be ASCII. */
  boolean isAscii(int slot) {
    return type(slot) == ASCII_TEXT || type(slot) == NUMBER;
  }

  /** Returns the array that a field's text is a slice of; to be read only. */
  byte[] bytes(int slot) {
    return types[slot] < DECODED ? record : decoded;
  }

  /** Returns where a field's text starts. */
  int start(int slot) {
    return starts[slot];
  }

  /** Returns where a field's text ends. */
  int end(int slot) {
    return ends[slot];
  }

  /** Returns a field's text. */
  String text(int slot) {
    return new String(
        bytes(slot),
        starts[slot],
        ends[slot] - starts[slot],
        isAscii(slot) ? ISO_8859_1 : UTF_8); // the former only copies
  }

  /** Sets a field to a slice of another one's text, which starts and ends with a character. */
  void setSlice(int slot, int text, int from, int to) {
    boolean isAscii = isAscii(text) || isAscii(bytes(text), from, to);
    byte type = isAscii ? ASCII_TEXT : UTF8_TEXT;
    set(slot, (byte) (type | (types[text] & DECODED)), from, to);
  }

  /** Sets a field to the text of another one, which is a text or a number. */
  void setTextOf(int slot, int other) {
    setSlice(slot, other, starts[other], ends[other]);
  }

  /** Starts a text that is written byte by byte, without setting other fields in between. */
  void startText() {
    startOfText = decodedBytes;
  }

  void append(byte b) {
    reserve(1);
    decoded[decodedBytes++] = b;
  }

  /** Sets a field to the text that was written, which is well-formed UTF-8. */
  void endText(int slot) {
    setDecoded(slot, startOfText);
  }

  /** Sets a field to the bytes that were written if they are well-formed UTF-8. */
  boolean endTextIfUtf8(int slot) {
    setDecoded(slot, startOfText);
    if (isAscii(slot)) {
      return true;
    }
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded, startOfText, decodedBytes - startOfText));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Decodes the escapes of the fields from {@code from} to {@code to}. */
  void decodeEscapes(int from, int to) {
    for (int slot = from; slot < to; slot++) {
      if (type(slot) == ESCAPED_TEXT) {
        decode(slot);
      }
    }
  }

  private void decode(int slot) {
    int from = starts[slot];
    int to = ends[slot];
    int start = decodedBytes;
    reserve(to - from); // no escape is shorter than what it stands for
    byte[] text = bytes(slot);
    boolean hasHalf = false;
    int at = from;
    while (at < to) {
      if (text[at] != '\\') {
        decoded[decodedBytes++] = text[at++];
        continue;
      }
      if (text[at + 1] != 'u') {
        decoded[decodedBytes++] = unescaped(text[at + 1]);
        at += 2;
        continue;
      }
      int character = hexadecimal(text, at + 2);
      at += 6;
      if (Character.isHighSurrogate((char) character)
          && to - at >= 6
          && text[at] == '\\'
          && text[at + 1] == 'u'
          && Character.isLowSurrogate((char) hexadecimal(text, at + 2))) {
        character = Character.toCodePoint((char) character, (char) hexadecimal(text, at + 2));
        at += 6;
      } else if (Character.isSurrogate((char) character)) {
        hasHalf = true;
        character = '?';
      }
      appendCharacter(character);
    }
    setDecoded(slot, start);
    if (hasHalf) {
      types[slot] = HALF_CHARACTERS | DECODED;
    }
  }

  private static byte unescaped(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
  }

  private static int hexadecimal(byte[] text, int from) {
    int number = 0;
    for (int at = from; at < from + 4; at++) {
      number = (number << 4) | Character.digit(text[at], 16);
    }
    return number;
  }

  private void appendCharacter(int character) {
    if (character < 0x80) {
      decoded[decodedBytes++] = (byte) character;
    } else if (character < 0x800) {
      decoded[decodedBytes++] = (byte) (0xC0 | character >> 6);
      appendContinuation(character);
    } else if (character < 0x10000) {
      decoded[decodedBytes++] = (byte) (0xE0 | character >> 12);
      appendContinuation(character >> 6);
      appendContinuation(character);
    } else {
      decoded[decodedBytes++] = (byte) (0xF0 | character >> 18);
      appendContinuation(character >> 12);
      appendContinuation(character >> 6);
      appendContinuation(character);
    }
  }

  private void appendContinuation(int bits) {
    decoded[decodedBytes++] = (byte) (0x80 | (bits & 0x3F));
  }

  private void append(byte[] bytes, int from, int to) {
    reserve(to - from);
    System.arraycopy(bytes, from, decoded, decodedBytes, to - from);
    decodedBytes += to - from;
  }

  private void reserve(int more) {
    if (decodedBytes + more > decoded.length) {
      decoded = Arrays.copyOf(decoded, Math.max(2 * decoded.length, decodedBytes + more));
    }
  }

  private void setDecoded(int slot, int start) {
    byte type = isAscii(decoded, start, decodedBytes) ? ASCII_TEXT : UTF8_TEXT;
    set(slot, (byte) (type | DECODED), start, decodedBytes);
  }

  private static boolean isAscii(byte[] utf8, int from, int to) {
    for (int at = from; at < to; at++) {
      if (utf8[at] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Hardly a text has one. */
  private static boolean hasSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
