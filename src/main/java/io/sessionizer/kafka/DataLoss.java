package io.sessionizer.kafka;

/**
 * Records that a partition no longer has, although they were not read or were read at another
 * place.
 *
 * @param counts what is added to the counters
 * @param message what is logged, behind the partition's name
 */
record DataLoss(Counts counts, String message) {

  /**
   * Counters of losses.
   *
   * @param records how many records were deleted before they were read
   * @param restarts how often reading went back because the topic was created anew or truncated
   */
  record Counts(long records, int restarts) {
    static final Counts NONE = new Counts(0, 0);

    Counts plus(Counts other) {
      return new Counts(records + other.records, restarts + other.restarts);
    }
  }

  /** The records before {@code to} were deleted; {@code from} was the next one to read. */
  static DataLoss deleted(long from, long to) {
    return new DataLoss(
        new Counts(to - from, 0),
        to - from == 1
            ? "record %s was deleted before it was read".formatted(from)
            : "records %s to %s were deleted before they were read".formatted(from, to - 1));
  }

  /** The log was truncated to end at {@code to}; {@code from} was the next one to read. */
  static DataLoss truncated(long from, long to) {
    return new DataLoss(
        new Counts(0, 1),
        "the log was truncated, and what was read up to offset %s is gone from offset %s on"
                .formatted(from, to)
            + ": reading continues there");
  }

  /**
   * The topic was deleted and created anew.
   *
   * @param readTo the offset up to which the old topic was read
   * @param isMissing whether the new topic does not have the partition
   */
  static DataLoss recreated(long readTo, boolean isMissing) {
    return new DataLoss(
        new Counts(0, 1),
        (isMissing
                ? "the topic was deleted and created anew without this partition;"
                : "the topic was deleted and created anew: reading continues at the beginning of"
                    + " the new one;")
            + " of the old one everything before offset %s was read".formatted(readTo));
  }
}
