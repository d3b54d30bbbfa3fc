package io.sessionizer.visits;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds fields in a line of text whose columns are separated by tabs or commas. With commas, a
 * column may be in quotation marks, as RFC 4180 has them: it may then contain commas and line ends,
 * and two quotation marks stand for one. With tabs nothing is quoted. A record needs all columns;
 * those that are empty are empty texts. Not thread-safe.
 */
final class DelimitedScanner implements RecordScanner {
  /** In place of the slot of a column that is no field. */
  private static final int NONE = -1;

  private final char separator;
  private final boolean hasQuotes;
  private final FieldTree tree;
  private final RecordFields fields;
  private final List<String> columns;
  private final int[] slots;
  private final TextValue text = new TextValue();

  /** A column of which quotation marks are undoubled. */
  private byte[] unquoted = {};

  private DelimitedScanner(
      char separator,
      boolean hasQuotes,
      List<String> columns,
      FieldTree tree,
      RecordFields fields) {
    this.separator = separator;
    this.hasQuotes = hasQuotes;
    this.columns = columns;
    this.tree = tree;
    this.fields = fields;
    this.slots = columns.stream().mapToInt(column -> slot(tree, column)).toArray();
  }

  /** Creates a scanner of columns that are separated by tabs. */
  static DelimitedScanner ofTabs(List<String> columns, FieldTree tree, RecordFields fields) {
    return new DelimitedScanner('\t', false, columns, tree, fields);
  }

  /** Creates a scanner of columns that are separated by commas. */
  static DelimitedScanner ofCommas(List<String> columns, FieldTree tree, RecordFields fields) {
    return new DelimitedScanner(',', true, columns, tree, fields);
  }

  private static int slot(FieldTree tree, String column) {
    @Nullable FieldTree member = tree.member(column);
    return member == null || !member.isField() ? NONE : member.slot();
  }

  @Override
  public void scan(byte[] bytes, int from, int to) throws RejectedVisitException {
    fields.startRecord(bytes);
    fields.clear(tree.firstSlot(), tree.endSlot());
    text.set(bytes, from, to);
    int column = 0;
    int at = text.start() - 1;
    do { // each begins behind a separator
      at =
          hasQuotes && at + 1 < text.end() && bytes[at + 1] == '"'
              ? passQuoted(bytes, at + 2, column)
              : pass(bytes, at + 1, column);
      column++;
    } while (at < text.end());
    if (column != columns.size()) {
      throw text.notInFormat(
          "the value has %s separated by %s, the format has %s"
              .formatted(
                  column == 1 ? "1 column" : column + " columns",
                  separator == '\t' ? "tabs" : "commas",
                  columns.size()));
    }
  }

  /** Passes over a column; like the method below, returns where it ends. */
  private int pass(byte[] bytes, int from, int column) {
    int at = from;
    while (at < text.end() && bytes[at] != separator) {
      at++;
    }
    if (isField(column)) {
      text.setField(fields, slots[column], from, at);
    }
    return at;
  }

  private int passQuoted(byte[] bytes, int from, int column) throws RejectedVisitException {
    int at = from;
    int doubled = 0;
    while (true) {
      if (at >= text.end()) {
        throw text.notInFormat(named(column) + " has no closing quotation mark");
      }
      if (bytes[at] == '"') {
        if (at + 1 >= text.end() || bytes[at + 1] != '"') {
          break;
        }
        doubled++;
        at++;
      }
      at++;
    }
    if (at + 1 < text.end() && bytes[at + 1] != separator) {
      throw text.notInFormat(named(column) + " continues after its closing quotation mark");
    }
    if (isField(column) && doubled == 0) {
      text.setField(fields, slots[column], from, at);
    } else if (isField(column)) {
      setUnquoted(bytes, from, at, slots[column]);
    }
    return at + 1;
  }

  private void setUnquoted(byte[] bytes, int from, int to, int slot) {
    if (unquoted.length < to - from) {
      unquoted = new byte[to - from];
    }
    int length = 0;
    for (int at = from; at < to; at++) {
      unquoted[length++] = bytes[at];
      at += bytes[at] == '"' ? 1 : 0;
    }
    fields.setText(slot, unquoted, 0, length);
  }

  private boolean isField(int column) {
    return column < slots.length && slots[column] != NONE;
  }

  private String named(int column) {
    return column < columns.size()
        ? "column %s (%s)".formatted(column + 1, columns.get(column))
        : "column " + (column + 1);
  }
}
