package io.sessionizer.kafka;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * A committed offset, and how much of it is settled. A checkpoint is ahead of the watermark, which
 * is emitted now and then and waits for the end of bundles: sessions that are over by what was read
 * may come after it. They come before the next one, if checkpoints are some seconds apart, and are
 * written before the one after that. Tools see the offset; the rest is in its metadata.
 *
 * @param offset of the next record to read
 * @param settled the offset up to which all sessions that are over have been written
 */
public record CommittedOffset(long offset, long settled) implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Pattern METADATA = Pattern.compile("(?:^|.* )settled=(\\d{1,18})");

  /** An offset that is settled. */
  public static CommittedOffset of(long offset) {
    return new CommittedOffset(offset, offset);
  }

  /** Reads what was committed. What others have committed is meant as it is: settled. */
  public static CommittedOffset of(OffsetAndMetadata committed) {
    Matcher metadata = METADATA.matcher(committed.metadata());
    long offset = committed.offset();
    return metadata.matches()
        ? new CommittedOffset(offset, Math.min(offset, Long.parseLong(metadata.group(1))))
        : of(offset);
  }

  /** Returns this to be committed, behind the metadata that {@code offset} has. */
  public OffsetAndMetadata in(OffsetAndMetadata offset) {
    String metadata = (offset.metadata() + " settled=" + settled).strip();
    return new OffsetAndMetadata(this.offset, metadata);
  }

  public CommittedOffset within(long beginning, long end) {
    return new CommittedOffset(
        Math.min(Math.max(offset, beginning), end), Math.min(Math.max(settled, beginning), end));
  }
}
