package io.sessionizer.formats;

import java.io.Serializable;

/**
 * What a record is written in: {@code json}, {@code tsv}, {@code csv}, or {@code regex:} and a
 * regular expression.
 *
 * @param notation which of these
 * @param expression the regular expression; of others empty
 */
public record RecordFormat(Notation notation, String expression) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A JSON object. */
  public static final RecordFormat JSON = new RecordFormat(Notation.JSON, "");

  private static final String REGEX = "regex:";

  /** How a record is written. */
  public enum Notation {
    /** A JSON object. */
    JSON,
    /** Text with tabs between columns. */
    TSV,
    /** Text with commas between columns. */
    CSV,
    /** Text that a regular expression matches. */
    REGEX
  }

  /**
   * Reads a format.
   *
   * @throws SyntaxException if the text is none
   */
  public static RecordFormat parse(String text) throws SyntaxException {
    if (text.startsWith(REGEX)) {
      String expression = text.substring(REGEX.length());
      RecordPattern.parse(expression);
      return new RecordFormat(Notation.REGEX, expression);
    }
    return switch (text) {
      case "json" -> JSON;
      case "tsv" -> new RecordFormat(Notation.TSV, "");
      case "csv" -> new RecordFormat(Notation.CSV, "");
      default -> throw new SyntaxException("must be json, tsv, csv or regex:PATTERN");
    };
  }

  /** Whether records have columns. */
  public boolean hasColumns() {
    return notation == Notation.TSV || notation == Notation.CSV;
  }

  /** Returns the compiled regular expression. */
  public RecordPattern pattern() {
    try {
      return RecordPattern.parse(expression);
    } catch (SyntaxException e) {
      throw new IllegalStateException("checked before", e);
    }
  }

  @Override
  public String toString() {
    return switch (notation) {
      case JSON -> "json";
      case TSV -> "tsv";
      case CSV -> "csv";
      case REGEX -> REGEX + expression;
    };
  }
}
