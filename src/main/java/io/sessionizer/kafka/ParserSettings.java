package io.sessionizer.kafka;

import io.sessionizer.visits.VisitParser;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;

/**
 * How the readers of a job parse records.
 *
 * @param maxRecordBytes the size of the largest record that is parsed
 * @param maxFutureSkew how far event times may be ahead of the wall clock
 */
record ParserSettings(int maxRecordBytes, Duration maxFutureSkew) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Those of a job without flags. */
  static final ParserSettings DEFAULT = new ParserSettings(1 << 20, Duration.ofHours(1));

  VisitParser parser() {
    return new VisitParser(maxRecordBytes, maxFutureSkew, Clock.systemUTC());
  }
}
