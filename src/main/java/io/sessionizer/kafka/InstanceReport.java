package io.sessionizer.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The report of a reader that its job runs, by which another job of the same consumer group finds
 * out. Reports are the metadata of offsets in a group of their own: a job that is idle, or is busy
 * between two checkpoints, commits no offsets of its own group.
 *
 * @param job the job
 * @param host where the reader runs
 * @param asOf wall time of the report, epoch milliseconds
 */
public record InstanceReport(UUID job, String host, long asOf) {
  /** How often a reader reports. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /** A job that has not reported for so long no longer runs. */
  public static final Duration EXPIRY = Duration.ofSeconds(30);

  private static final Pattern METADATA =
      Pattern.compile("sessionizer-instance/1 ([-0-9a-f]{36}) (\\S+) (\\d{1,18})");

  private static final String HOST = hostOfJvm();

  /** Returns the group that has the reports of a job's group. */
  public static String group(String jobsGroup) {
    return jobsGroup + ".instance";
  }

  /** Returns that of a job in this JVM. */
  static InstanceReport of(UUID job, long now) {
    return new InstanceReport(job, HOST, now);
  }

  /** Reads a report; empty if a job has stopped since. */
  public static Optional<InstanceReport> in(OffsetAndMetadata committed) {
    Matcher metadata = METADATA.matcher(committed.metadata());
    return metadata.matches()
        ? Optional.of(
            new InstanceReport(
                UUID.fromString(metadata.group(1)),
                metadata.group(2),
                Long.parseLong(metadata.group(3))))
        : Optional.empty();
  }

  /**
   * Returns this to be committed; {@code end} is the end of the partition, as if nothing lagged.
   */
  OffsetAndMetadata at(long end) {
    return new OffsetAndMetadata(end, "sessionizer-instance/1 " + job + " " + host + " " + asOf);
  }

  /** Returns how old this is; 0 if the reader's clock is ahead. */
  public Duration age(long now) {
    return Duration.ofMillis(Math.max(0, now - asOf));
  }

  private static String hostOfJvm() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("\\s", "_");
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
