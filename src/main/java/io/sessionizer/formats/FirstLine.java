package io.sessionizer.formats;

import java.util.ArrayList;
import java.util.List;

/** The first line of a file, which names the columns of the others. */
final class FirstLine {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private FirstLine() {}

  /** Returns the names, without blanks around them. */
  static List<String> columns(RecordFormat format, String line) {
    String text =
        line.startsWith(BYTE_ORDER_MARK) ? line.substring(BYTE_ORDER_MARK.length()) : line;
    List<String> columns =
        format.notation() == RecordFormat.Notation.TSV
            ? List.of(text.split("\t", -1))
            : ofCommas(text);
    return columns.stream().map(String::strip).toList();
  }

  private static List<String> ofCommas(String line) {
    List<String> columns = new ArrayList<>();
    StringBuilder column = new StringBuilder();
    boolean isQuoted = false;
    for (int at = 0; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"' && isQuoted && line.startsWith("\"", at + 1)) {
        column.append(c);
        at++;
      } else if (c == '"' && (isQuoted || column.isEmpty())) {
        isQuoted = !isQuoted;
      } else if (c == ',' && !isQuoted) {
        columns.add(column.toString());
        column.setLength(0);
      } else {
        column.append(c);
      }
    }
    columns.add(column.toString());
    return columns;
  }
}
