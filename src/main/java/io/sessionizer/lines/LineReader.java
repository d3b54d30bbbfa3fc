package io.sessionizer.lines;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads the lines of a text that are not blank one by one, in place, with where they start. A line
 * ends at a line feed, or a carriage return and a line feed; a carriage return alone is text. Of a
 * line that is too long only the first bytes are kept. Not thread-safe.
 *
 * <p>For example, the text {@code a\r\n\nbc} has the lines {@code a} at 0 and {@code bc} at 4.
 */
public final class LineReader implements Closeable {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int LINE_ENDING_BYTES = 2;

  /** Eight bytes of an array as one number, the first of them being its lowest byte. */
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long EACH = 0x0101010101010101L;
  private static final long HIGHEST_BITS = EACH << (Byte.SIZE - 1);

  private final InputStream text;
  private final int maxLineBytes;
  private byte[] buffer;

  /** The position in the text of the first byte of the buffer. */
  private long bufferPosition;

  /** The end of what is in the buffer. */
  private int filled;

  /** Where the next line starts in the buffer. */
  private int next;

  private int from;
  private int to;
  private long length;
  private long position;
  private long number;

  /**
   * Creates a reader.
   *
   * @param text its first byte starts a line
   * @param position of that byte
   * @param maxLineBytes how many bytes of a line are kept at most
   */
  public LineReader(InputStream text, long position, int maxLineBytes) {
    this.text = text;
    this.bufferPosition = position;
    this.maxLineBytes = maxLineBytes;
    this.buffer = new byte[BUFFER_BYTES];
  }

  private int capacity() {
    return Math.max(BUFFER_BYTES, Math.addExact(maxLineBytes, LINE_ENDING_BYTES));
  }

  /** Moves to the next line that is not blank; false behind the last. */
  public boolean next() throws IOException {
    while (nextLine()) {
      if (!isBlank()) {
        return true;
      }
    }
    return false;
  }

  /** Skips up to the first line that starts behind the next byte. */
  public void skipLine() throws IOException {
    nextLine();
  }

  /** Returns the array with the line; to be read only, and until the next line. */
  public byte[] bytes() {
    return buffer;
  }

  /** Returns where the line starts in the array. */
  public int from() {
    return from;
  }

  /** Returns where the line, or what is kept of it, ends in the array. */
  public int to() {
    return to;
  }

  /** Returns how long the line is, bytes, without its ending. */
  public long length() {
    return length;
  }

  /** Whether only the beginning of the line is kept. */
  public boolean isCut() {
    return length > to - from;
  }

  /** Returns where the line starts in the text, in bytes. */
  public long position() {
    return position;
  }

  /** Returns the number of the line, from 1 where reading started; blank lines count. */
  public long number() {
    return number;
  }

  /** Returns where the next line starts in the text, in bytes. */
  public long nextPosition() {
    return bufferPosition + next;
  }

  private boolean nextLine() throws IOException {
    number++;
    int at = next;
    while (true) {
      at = lineFeed(buffer, at, filled);
      if (at < filled) {
        setLine(at);
        next = at + 1;
        return true;
      }
      if (at - next >= Math.addExact(maxLineBytes, LINE_ENDING_BYTES)) {
        return cutLine();
      }
      at -= next;
      if (!fill()) {
        setLine(filled);
        next = filled;
        return to > from;
      }
      at += next;
    }
  }

  /**
   * Returns where the first line feed is; {@code to} if there is none. Eight bytes at a time: of
   * the bytes that are 0 once they are compared, a subtraction sets the highest bit, and maybe that
   * of those behind the first one (<a
   * href="https://graphics.stanford.edu/~seander/bithacks.html">Bit Twiddling Hacks</a>, "Determine
   * if a word has a zero byte").
   */
  private static int lineFeed(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long compared = (long) EIGHT_BYTES.get(bytes, at) ^ '\n' * EACH;
      long zeros = (compared - EACH) & ~compared & HIGHEST_BITS;
      if (zeros != 0) {
        return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
    }
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private void setLine(int end) {
    from = next;
    position = bufferPosition + next;
    boolean isCrLf = end > from && end < filled && buffer[end - 1] == '\r';
    int textEnd = isCrLf ? end - 1 : end;
    length = (long) textEnd - from;
    to = Math.min(textEnd, from + maxLineBytes);
  }

  /** Reads on to the end of a line, of which the buffer has more than is kept. */
  private boolean cutLine() throws IOException {
    position = bufferPosition + next;
    System.arraycopy(buffer, next, buffer, 0, maxLineBytes);
    bufferPosition = position;
    long end = position + filled - next;
    byte[] rest = new byte[BUFFER_BYTES];
    boolean endsWithReturn = buffer[filled - 1] == '\r';
    int read;
    int at = 0;
    while ((read = text.read(rest)) >= 0) {
      at = lineFeed(rest, 0, read);
      if (at < read) {
        break;
      }
      if (read > 0) {
        endsWithReturn = rest[read - 1] == '\r';
      }
      end += read;
    }
    if (read >= 0) {
      boolean isCrLf = at == 0 ? endsWithReturn : rest[at - 1] == '\r';
      length = end + at - position - (isCrLf ? 1 : 0);
      int behind = read - at - 1;
      if (buffer.length - maxLineBytes < behind) {
        buffer = Arrays.copyOf(buffer, maxLineBytes + behind);
      }
      System.arraycopy(rest, at + 1, buffer, maxLineBytes, behind);
      filled = maxLineBytes + behind;
      // The kept bytes are in front of those of the next line.
      bufferPosition = end + at + 1 - maxLineBytes;
    } else {
      length = end - position;
      filled = maxLineBytes;
      bufferPosition = end - maxLineBytes;
    }
    from = 0;
    to = maxLineBytes;
    next = maxLineBytes;
    return true;
  }

  /** Reads more; false at the end of the text. */
  private boolean fill() throws IOException {
    if (filled == buffer.length) {
      if (next > 0) {
        System.arraycopy(buffer, next, buffer, 0, filled - next);
        bufferPosition += next;
        filled -= next;
        next = 0;
      } else {
        buffer = Arrays.copyOf(buffer, Math.min(capacity(), 2 * buffer.length));
      }
    }
    int read = text.read(buffer, filled, buffer.length - filled);
    if (read > 0) {
      filled += read;
    }
    return read >= 0;
  }

  private boolean isBlank() {
    if (isCut()) {
      return false;
    }
    for (int at = from; at < to; at++) {
      if (!isSpace(buffer[at])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
