package io.sessionizer.visits;

import io.sessionizer.records.LateVisitRecord;

/**
 * Parses the records of late visits: those that are as they were in the format of the job, the
 * others in the default one. Not thread-safe.
 */
public final class LateVisitParser {
  private final VisitParser ofOriginals;
  private final VisitParser ofVisits;

  /**
   * Creates a parser.
   *
   * @param ofOriginals of the job's format
   * @param ofVisits of the default format
   */
  public LateVisitParser(VisitParser ofOriginals, VisitParser ofVisits) {
    this.ofOriginals = ofOriginals;
    this.ofVisits = ofVisits;
  }

  /** Parses a late visit. */
  public ParsedRecord parse(LateVisitRecord late) {
    Long timestamp = late.timestampMillis();
    return timestamp == null
        ? ofVisits.parse(late.visit().value())
        : ofOriginals.parse(late.visit().value(), RecordHead.of(late.visit(), timestamp));
  }
}
