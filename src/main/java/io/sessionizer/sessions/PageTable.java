package io.sessionizer.sessions;

import io.sessionizer.records.Utf8;
import java.util.Arrays;

/**
 * The pages of a shard's visits, numbered from 0: most sites have few of them, and a visit is
 * stored with the number of its page. It grows until it is full; visits of further pages are stored
 * with their texts. Not thread-safe.
 */
final class PageTable {
  /** Stands for no number. */
  static final int NONE = -1;

  /** How many pages there are at most. */
  static final int MOST_PAGES = 1_024;

  private static final int LONGEST_PAGE = 255;
  private static final int LEAST_CELLS = 16;

  private byte[] texts = new byte[64];

  /** Of each page where its text starts, and then where the last one ends. */
  private int[] starts = new int[LEAST_CELLS / 2];

  /** Of each page its bytes in JSON. */
  private short[] jsonBytes = new short[LEAST_CELLS / 2];

  /** A hash table with open addressing: numbers of pages and 1, or 0. */
  private short[] cells = new short[LEAST_CELLS];

  private int size;

  /** How many pages there are. */
  int size() {
    return size;
  }

  /** How many bytes of memory it has, about. */
  long bytes() {
    return (long) texts.length
        + (long) starts.length * Integer.BYTES
        + (long) (jsonBytes.length + cells.length) * Short.BYTES;
  }

  /** How many bytes the log has of the pages. */
  int bytesInLog() {
    return starts[size] + 2 * size;
  }

  /** All texts, one after another; another array after the next {@link #add}. */
  byte[] texts() {
    return texts;
  }

  /** Returns where the text of a page starts. */
  int start(int page) {
    return starts[page];
  }

  /** Returns the length of the text of a page. */
  int length(int page) {
    return starts[page + 1] - starts[page];
  }

  /** Returns how many bytes a page has in JSON at most: {@link Utf8#jsonBytes}. */
  int jsonBytes(int page) {
    return jsonBytes[page];
  }

  /** Returns the number of a page, or {@link #NONE}. */
  int find(byte[] text, int from, int length) {
    return length < 0 ? NONE : cells[cell(text, from, length)] - 1;
  }

  /** Whether no page can be added. */
  boolean isFull() {
    return size == MOST_PAGES;
  }

  /** Whether a page that is not there can be added. */
  boolean hasRoomFor(int length) {
    return !isFull() && length >= 0 && length <= LONGEST_PAGE;
  }

  /** Adds a page that is not there, and returns its number. */
  int add(byte[] text, int from, int length) {
    if (size + 1 == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
      jsonBytes = Arrays.copyOf(jsonBytes, 2 * jsonBytes.length);
    }
    int start = starts[size];
    if (length > texts.length - start) {
      texts = Arrays.copyOf(texts, Math.max(start + length, texts.length + (texts.length >> 1)));
    }
    System.arraycopy(text, from, texts, start, length);
    starts[size + 1] = start + length;
    jsonBytes[size] = (short) Utf8.jsonBytes(text, from, length);
    size++;
    if (2 * size > cells.length) {
      cells = new short[2 * cells.length];
      for (int page = 0; page < size - 1; page++) {
        cells[cell(texts, starts[page], length(page))] = (short) (page + 1);
      }
    }
    cells[cell(texts, start, length)] = (short) size;
    return size - 1;
  }

  /** Returns the cell that a page has, or would have. */
  private int cell(byte[] text, int from, int length) {
    int mask = cells.length - 1;
    int cell = VisitIdTable.hash(text, from, length) & mask;
    while (cells[cell] != 0 && !isText(cells[cell] - 1, text, from, from + length)) {
      cell = (cell + 1) & mask;
    }
    return cell;
  }

  private boolean isText(int page, byte[] text, int from, int to) {
    return Arrays.equals(texts, starts[page], starts[page + 1], text, from, to);
  }
}
