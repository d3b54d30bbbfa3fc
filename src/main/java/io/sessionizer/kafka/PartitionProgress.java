package io.sessionizer.kafka;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a partition stands, as its reader knows it. All times are epoch milliseconds.
 *
 * @param newestEventTime the newest event time
 * @param lastRecordAt wall time when the last record was read
 * @param watermark its watermark
 * @param idle whether it holds nothing back
 * @param knownAt wall time when all this was so
 */
record PartitionProgress(
    long newestEventTime, long lastRecordAt, long watermark, boolean idle, long knownAt) {
  /** Another text is that of another program, or of another version. */
  private static final Pattern METADATA =
      Pattern.compile(
          "sessionizer/1 ([-0-9a-f]+) (-?\\d{1,18}) (-?\\d{1,18}) (-?\\d{1,18}) (true|false)"
              + " (-?\\d{1,18})(?: settled=\\d{1,18})?");

  /** Returns this as the metadata of an offset that {@code job} commits. */
  String metadata(UUID job) {
    return "sessionizer/1 "
        + (job + " " + newestEventTime + " " + lastRecordAt + " ")
        + (watermark + " " + idle + " " + knownAt);
  }

  /** Returns what {@code job} said in an offset's metadata; empty if it was somebody else. */
  static Optional<PartitionProgress> of(String metadata, UUID job) {
    Matcher matcher = METADATA.matcher(metadata);
    if (!matcher.matches() || !matcher.group(1).equals(job.toString())) {
      return Optional.empty();
    }
    return Optional.of(
        new PartitionProgress(
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)),
            Long.parseLong(matcher.group(4)),
            Boolean.parseBoolean(matcher.group(5)),
            Long.parseLong(matcher.group(6))));
  }
}
