package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.visits.VisitParser;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * How the readers of a job parse records.
 *
 * @param format how records are read as visits; null in a job that is restored from before it was
 *     known here, which reads the default
 * @param maxRecordBytes the size of the largest record that is parsed
 * @param maxFutureSkew how far event times may be ahead of the wall clock
 */
public record ParserSettings(
    @Nullable InputFormat format, int maxRecordBytes, Duration maxFutureSkew)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Those of a job without flags. */
  public static final ParserSettings DEFAULT =
      new ParserSettings(InputFormat.DEFAULT, 1 << 20, Duration.ofHours(1));

  /** Returns those of a job. */
  public static ParserSettings of(Settings settings) {
    return new ParserSettings(
        settings.inputFormat(), settings.maxRecordBytes(), settings.maxFutureSkew());
  }

  /** Returns a parser by the wall clock. */
  public VisitParser parser() {
    InputFormat known = format == null ? InputFormat.DEFAULT : format;
    return new VisitParser(known, maxRecordBytes, maxFutureSkew, Clock.systemUTC());
  }
}
