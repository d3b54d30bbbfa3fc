package io.sessionizer.cli;

import io.sessionizer.explain.Line;
import io.sessionizer.explain.LineStyle;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** A line of text for people, as a terminal or a pipe gets it. */
final class StyledLine {
  private StyledLine() {}

  /**
   * Returns the text of a line. Titles follow a blank line, and no control character of a record
   * reaches the terminal.
   */
  static String text(Line line, Ansi ansi) {
    String text = PrintedRecord.printable(line.text());
    Ansi.IStyle[] styles = ansi.enabled() ? styles(line.style()) : new Ansi.IStyle[0];
    String coloured = Style.on(styles) + text + (styles.length > 0 ? Style.reset.on() : "");
    return line.style() == LineStyle.TITLE ? System.lineSeparator() + coloured : coloured;
  }

  private static Ansi.IStyle[] styles(LineStyle style) {
    return switch (style) {
      case RESULT, TITLE -> new Ansi.IStyle[] {Style.bold};
      case PLAIN -> new Ansi.IStyle[0];
      case ASIDE -> new Ansi.IStyle[] {Style.faint};
      case LATE -> new Ansi.IStyle[] {Style.fg_yellow};
      case DEAD -> new Ansi.IStyle[] {Style.fg_red};
    };
  }
}
