package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.sessions.Engine;
import io.sessionizer.visits.LateVisitParser;
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
 * @param horizon how far behind the watermark a visit is too late, if its record is written as it
 *     was read; null if it is written as a visit of the default format, or not at all
 */
public record ParserSettings(
    @Nullable InputFormat format,
    int maxRecordBytes,
    Duration maxFutureSkew,
    @Nullable Duration horizon)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Those of a job without flags. */
  public static final ParserSettings DEFAULT =
      new ParserSettings(InputFormat.DEFAULT, 1 << 20, Duration.ofHours(1), null);

  /** Returns those of a job. */
  public static ParserSettings of(Settings settings) {
    return new ParserSettings(
        settings.inputFormat(),
        settings.maxRecordBytes(),
        settings.maxFutureSkew(),
        keepsOriginals(settings) ? settings.policy().horizon() : null);
  }

  /** Whether late visits of a job are written as they were read. */
  public static boolean keepsOriginals(Settings settings) {
    return settings.engine() == Engine.STATEFUL && !settings.inputFormat().isDefault();
  }

  /** Returns a parser of the job's late visits. */
  public LateVisitParser lateVisitParser() {
    return new LateVisitParser(parser(), DEFAULT.parser());
  }

  /** Returns a parser by the wall clock. */
  public VisitParser parser() {
    InputFormat known = format == null ? InputFormat.DEFAULT : format;
    return new VisitParser(known, maxRecordBytes, maxFutureSkew, Clock.systemUTC());
  }
}
