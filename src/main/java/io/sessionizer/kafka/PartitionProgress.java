package io.sessionizer.kafka;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The progress of a partition, as its reader reports it in the metadata of committed offsets. All
 * times are epoch milliseconds.
 *
 * @param newestEventTime the newest event time
 * @param lastRecordAt wall time when the last record was read
 * @param watermark its watermark
 * @param idle whether it does not hold back the watermark
 * @param asOf wall time of the report
 */
public record PartitionProgress(
    long newestEventTime, long lastRecordAt, long watermark, boolean idle, long asOf) {
  /** Another text is that of another program, or of another version. */
  private static final Pattern METADATA =
      Pattern.compile(
          "sessionizer/1 ([-0-9a-f]+) (-?\\d{1,18}) (-?\\d{1,18}) (-?\\d{1,18}) (true|false)"
              + " (-?\\d{1,18})(?: settled=\\d{1,18})?(?: --.*)?");

  /** Returns this as the metadata of an offset that {@code job} commits. */
  String metadata(UUID job) {
    return "sessionizer/1 "
        + (job + " " + newestEventTime + " " + lastRecordAt + " ")
        + (watermark + " " + idle + " " + asOf);
  }

  /** Reads what {@code job} has committed with an offset; empty if another program has. */
  static Optional<PartitionProgress> of(String metadata, UUID job) {
    Matcher matcher = METADATA.matcher(metadata);
    return matcher.matches() && matcher.group(1).equals(job.toString())
        ? Optional.of(of(matcher))
        : Optional.empty();
  }

  /** Returns the job that has committed an offset; empty if another program has. */
  public static Optional<UUID> job(String metadata) {
    Matcher matcher = METADATA.matcher(metadata);
    return matcher.matches() ? Optional.of(UUID.fromString(matcher.group(1))) : Optional.empty();
  }

  /** Reads what any job has committed with an offset; empty if another program has. */
  public static Optional<PartitionProgress> ofAnyJob(String metadata) {
    Matcher matcher = METADATA.matcher(metadata);
    return matcher.matches() ? Optional.of(of(matcher)) : Optional.empty();
  }

  private static PartitionProgress of(Matcher metadata) {
    return new PartitionProgress(
        Long.parseLong(metadata.group(2)),
        Long.parseLong(metadata.group(3)),
        Long.parseLong(metadata.group(4)),
        Boolean.parseBoolean(metadata.group(5)),
        Long.parseLong(metadata.group(6)));
  }
}
