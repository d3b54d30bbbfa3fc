package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * A record that is a line of text: its start and its end, without a byte order mark in front and
 * the line's end behind it. Not thread-safe; each record replaces the one before.
 */
final class TextValue {
  private static final int CHARACTERS = 1024;

  private final CharsetDecoder decoder = UTF_8.newDecoder();
  private final CharBuffer characters = CharBuffer.allocate(CHARACTERS);

  private byte[] bytes = {};
  private int start;
  private int end;
  private boolean isAscii;

  /**
   * Replaces the text by the bytes from {@code from} to {@code to}.
   *
   * @throws RejectedVisitException if they are white space only, or not UTF-8
   */
  void set(byte[] value, int from, int to) throws RejectedVisitException {
    bytes = value;
    start = from + (hasByteOrderMark(value, from, to) ? 3 : 0);
    end = to > start && value[to - 1] == '\n' ? to - 1 : to;
    end = end > start && value[end - 1] == '\r' ? end - 1 : end;
    int text = start;
    while (text < end && value[text] >= 0 && value[text] <= ' ') {
      text++;
    }
    if (text == end) {
      throw new RejectedVisitException(Reason.EMPTY, "the value is white space only");
    }
    checkCharacters();
  }

  private static boolean hasByteOrderMark(byte[] value, int from, int to) {
    return to - from >= 3
        && value[from] == (byte) 0xEF
        && value[from + 1] == (byte) 0xBB
        && value[from + 2] == (byte) 0xBF;
  }

  private void checkCharacters() throws RejectedVisitException {
    isAscii = isAscii(start, end);
    if (isAscii) {
      return;
    }
    ByteBuffer utf8 = ByteBuffer.wrap(bytes, start, end - start);
    decoder.reset();
    CoderResult result;
    do {
      characters.clear();
      result = decoder.decode(utf8, characters, true);
    } while (result.isOverflow());
    if (result.isError()) {
      int at = utf8.position();
      throw new RejectedVisitException(
          Reason.NOT_IN_FORMAT,
          "the value is not UTF-8: 0x%02X at byte %s".formatted(bytes[at], at - start + 1)
              + ValueKind.described(bytes, start, end));
    }
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /** Sets a field to a part of the text that consists of whole characters. */
  void setField(RecordFields fields, int slot, int from, int to) {
    byte type = isAscii || isAscii(from, to) ? RecordFields.ASCII_TEXT : RecordFields.UTF8_TEXT;
    fields.set(slot, type, from, to);
  }

  /** Returns a rejection with what the text looks like. */
  RejectedVisitException notInFormat(String message) {
    return new RejectedVisitException(
        Reason.NOT_IN_FORMAT, message + ValueKind.described(bytes, start, end));
  }

  private boolean isAscii(int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes[at] < 0) {
        return false;
      }
    }
    return true;
  }
}
