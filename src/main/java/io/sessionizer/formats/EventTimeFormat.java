package io.sessionizer.formats;

import java.io.Serializable;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/**
 * How event times are written: {@code iso8601}, {@code epoch-seconds}, {@code epoch-millis}, {@code
 * epoch-micros}, {@code epoch-nanos}, or {@code pattern:} and a pattern of {@link
 * DateTimeFormatter}.
 *
 * @param kind which of these
 * @param pattern the pattern; of other kinds empty
 */
public record EventTimeFormat(TimeNotation kind, String pattern) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Dates and times as RFC 3339 has them, and some that are similar. */
  public static final EventTimeFormat ISO8601 = new EventTimeFormat(TimeNotation.ISO8601, "");

  private static final String PATTERN = "pattern:";
  private static final int MAX_CHARACTERS = 200;

  /** The kinds of formats. */
  public enum TimeNotation {
    ISO8601("iso8601", 0),
    EPOCH_SECONDS("epoch-seconds", 0),
    EPOCH_MILLIS("epoch-millis", 3),
    EPOCH_MICROS("epoch-micros", 6),
    EPOCH_NANOS("epoch-nanos", 9),
    PATTERN("pattern:...", 0);

    private final String text;
    private final int digits;

    TimeNotation(String text, int digits) {
      this.text = text;
      this.digits = digits;
    }

    /** Returns how it is written. */
    public String text() {
      return text;
    }

    /** Returns how many digits of an epoch are a fraction of a second. */
    public int digits() {
      return digits;
    }

    /** Whether times are numbers. */
    public boolean isEpoch() {
      return this != ISO8601 && this != PATTERN;
    }
  }

  /**
   * Reads a format.
   *
   * @throws SyntaxException if the text is none
   */
  public static EventTimeFormat parse(String text) throws SyntaxException {
    if (text.startsWith(PATTERN)) {
      EventTimeFormat format =
          new EventTimeFormat(TimeNotation.PATTERN, text.substring(PATTERN.length()));
      format.check();
      return format;
    }
    for (TimeNotation kind : TimeNotation.values()) {
      if (kind != TimeNotation.PATTERN && kind.text().equals(text)) {
        return new EventTimeFormat(kind, "");
      }
    }
    throw new SyntaxException(
        "must be iso8601, epoch-seconds, epoch-millis, epoch-micros, epoch-nanos or"
            + " pattern:PATTERN");
  }

  private void check() throws SyntaxException {
    if (pattern.isBlank() || pattern.length() > MAX_CHARACTERS) {
      throw new SyntaxException("needs a pattern of 1 to " + MAX_CHARACTERS + " characters");
    }
    try {
      formatter();
    } catch (IllegalArgumentException e) {
      throw new SyntaxException(
          "is no pattern such as pattern:dd/MMM/yyyy:HH:mm:ss Z: " + e.getMessage());
    }
  }

  /** Returns what reads times with the pattern: in English, and only days that exist. */
  public DateTimeFormatter formatter() {
    return new DateTimeFormatterBuilder()
        .appendPattern(pattern)
        .parseDefaulting(ChronoField.ERA, 1)
        .toFormatter(Locale.ENGLISH)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  @Override
  public String toString() {
    return kind == TimeNotation.PATTERN ? PATTERN + pattern : kind.text();
  }
}
