package io.sessionizer.kafka;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * A committed offset, and how much of what was read before it is flushed. A checkpoint is ahead of
 * the watermark, which is emitted now and then and waits for the end of bundles: sessions that are
 * closed by what was read may be emitted after it. They are emitted before the next checkpoint, if
 * checkpoints are some seconds apart, and are written before the one after that. Tools see the
 * offset; the rest is in its metadata.
 *
 * @param offset of the next record to read
 * @param flushed the offset up to which all closed sessions have been written
 */
public record CommittedOffset(long offset, long flushed) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The metadata of the offsets that a job commits when it has written all sessions, and stops. */
  private static final String DRAINED = "drained";

  private static final Pattern METADATA = Pattern.compile("(?:^|.* )settled=(\\d{1,18})(?: --.*)?");

  /** Returns an offset before which everything is flushed. */
  public static CommittedOffset of(long offset) {
    return new CommittedOffset(offset, offset);
  }

  /**
   * Returns where a job stopped that has read all before {@code offset}, and written all sessions.
   */
  public static OffsetAndMetadata drained(long offset) {
    return new OffsetAndMetadata(offset, DRAINED);
  }

  /** Whether a job stopped here that had written all sessions, open ones included. */
  public static boolean isDrained(OffsetAndMetadata committed) {
    return committed.metadata().equals(DRAINED) || committed.metadata().startsWith(DRAINED + " ");
  }

  /** Reads what was committed. Before an offset that others committed, everything is flushed. */
  public static CommittedOffset of(OffsetAndMetadata committed) {
    Matcher metadata = METADATA.matcher(committed.metadata());
    long offset = committed.offset();
    return metadata.matches()
        ? new CommittedOffset(offset, Math.min(offset, Long.parseLong(metadata.group(1))))
        : of(offset);
  }

  /** Returns this to be committed, added to the metadata of {@code offset}. */
  public OffsetAndMetadata in(OffsetAndMetadata offset) {
    String metadata = (offset.metadata() + " settled=" + flushed).strip();
    return new OffsetAndMetadata(this.offset, metadata);
  }

  /** Returns this, moved into the range of offsets that a log has. */
  public CommittedOffset within(long beginning, long end) {
    return new CommittedOffset(
        Math.min(Math.max(offset, beginning), end), Math.min(Math.max(flushed, beginning), end));
  }
}
