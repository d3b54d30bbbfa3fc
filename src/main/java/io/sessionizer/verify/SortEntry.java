package io.sessionizer.verify;

import java.util.Arrays;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The bytes of an entry of a {@link DiskSort}, whose order as unsigned bytes is that of its fields:
 * texts by their bytes, numbers by their values.
 *
 * <p>A text ends with two zero bytes, and a zero byte inside it is followed by 255. A number is
 * eight bytes, the highest first, with the sign inverted.
 */
final class SortEntry {
  private static final byte AFTER_ZERO = (byte) 0xFF;

  private SortEntry() {}

  /** Writes the fields of entries, one entry after the other. */
  static final class EntryWriter {
    private byte[] bytes = new byte[256];
    private int length;

    EntryWriter text(byte[] text) {
      reserve(2 * text.length + 2);
      for (byte next : text) {
        bytes[length++] = next;
        if (next == 0) {
          bytes[length++] = AFTER_ZERO;
        }
      }
      bytes[length++] = 0;
      bytes[length++] = 0;
      return this;
    }

    EntryWriter number(long number) {
      reserve(Long.BYTES);
      long unsigned = number ^ Long.MIN_VALUE;
      for (int shift = 56; shift >= 0; shift -= 8) {
        bytes[length++] = (byte) (unsigned >>> shift);
      }
      return this;
    }

    /** Adds bytes that may be absent; nothing is sorted by them. */
    EntryWriter optional(byte[] present) {
      number(present.length);
      reserve(present.length);
      System.arraycopy(present, 0, bytes, length, present.length);
      length += present.length;
      return this;
    }

    /** Adds that bytes are absent. */
    EntryWriter absent() {
      return number(-1);
    }

    /** Returns the entry, and starts the next one. */
    byte[] entry() {
      byte[] entry = Arrays.copyOf(bytes, length);
      length = 0;
      return entry;
    }

    private void reserve(int count) {
      if (count > bytes.length - length) {
        bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
      }
    }
  }

  /** Reads the fields of an entry, in the order in which they were written. */
  static final class EntryReader {
    private final byte[] bytes;
    private int at;

    EntryReader(byte[] bytes) {
      this.bytes = bytes;
    }

    byte[] text() {
      int from = at;
      int zeros = 0;
      while (bytes[at] != 0 || bytes[at + 1] != 0) {
        if (bytes[at] == 0) {
          zeros++;
          at++;
        }
        at++;
      }
      byte[] text;
      if (zeros == 0) {
        text = Arrays.copyOfRange(bytes, from, at);
      } else {
        text = new byte[at - from - zeros];
        int to = 0;
        for (int i = from; i < at; i++) {
          text[to++] = bytes[i];
          if (bytes[i] == 0) {
            i++;
          }
        }
      }
      at += 2;
      return text;
    }

    long number() {
      long number = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        number = (number << 8) | (bytes[at++] & 0xFF);
      }
      return number ^ Long.MIN_VALUE;
    }

    byte @Nullable [] optional() {
      int count = (int) number();
      if (count < 0) {
        return null;
      }
      at += count;
      return Arrays.copyOfRange(bytes, at - count, at);
    }
  }
}
