package io.sessionizer.records;

import io.sessionizer.records.TopicRecord.Header;
import java.util.List;
import java.util.Set;

/** The names of the headers on a job's topics and in its files. */
public final class RecordHeaders {
  /** Of a session: which record of its key it is, from 1. */
  public static final String REVISION = "revision";

  /** Of a session: the start of the job without saved state that wrote it; then revisions start. */
  public static final String RUN = "run";

  /** Of a session: one of {@link Timing}, in small letters. */
  public static final String TIMING = "timing";

  /** Of a session: an {@link EndReason}, in small letters, with its rule if it has one. */
  public static final String END_REASON = "end_reason";

  /** Of a tombstone: the id of the session that has the visits now. */
  public static final String SUPERSEDED_BY = "superseded_by";

  /** Of a late visit: how far it was behind the watermark, in milliseconds. */
  public static final String LATE_BY_MS = "late_by_ms";

  /** Of a dead letter: one of {@link Reason}. */
  public static final String ERROR_REASON = "error.reason";

  /** Of a dead letter: the reason for people, with the offending value. */
  public static final String ERROR_MESSAGE = "error.message";

  /** Of a dead letter whose key was cut: how long it was, in bytes. */
  public static final String ORIGINAL_KEY_BYTES = "original.key.bytes";

  /** Of a dead letter whose value was cut: how long it was, in bytes. */
  public static final String ORIGINAL_BYTES = "original.bytes";

  /** Of a dead letter whose headers were left out: how long they were, in bytes. */
  public static final String ORIGINAL_HEADERS_BYTES = "original.headers.bytes";

  /** Of a late visit and a dead letter: the topic on which it was read. */
  public static final String SOURCE_TOPIC = "source.topic";

  /** Of a late visit and a dead letter: the partition on which it was read. */
  public static final String SOURCE_PARTITION = "source.partition";

  /** Of a late visit and a dead letter: the offset at which it was read. */
  public static final String SOURCE_OFFSET = "source.offset";

  /** Of a dead letter: the file in which it was read. */
  public static final String SOURCE_FILE = "source.file";

  /** Of a dead letter: where it starts in the text of its file, in bytes. */
  public static final String SOURCE_BYTE = "source.byte";

  /**
   * Of a dead letter, and of a late visit that is the record as it was: its own Kafka timestamp
   * when it was read, epoch milliseconds.
   */
  public static final String SOURCE_TIMESTAMP = "source.timestamp";

  /** Those of late visits and dead letters. */
  private static final Set<String> OF_ORIGINALS =
      Set.of(
          LATE_BY_MS,
          ERROR_REASON,
          ERROR_MESSAGE,
          ORIGINAL_KEY_BYTES,
          ORIGINAL_BYTES,
          ORIGINAL_HEADERS_BYTES,
          SOURCE_TOPIC,
          SOURCE_PARTITION,
          SOURCE_OFFSET,
          SOURCE_FILE,
          SOURCE_BYTE,
          SOURCE_TIMESTAMP);

  private RecordHeaders() {}

  /**
   * Returns those headers that no job adds to late visits and dead letters: a record that was such
   * a one before has them once.
   */
  static List<Header> ofOriginal(List<Header> headers) {
    return headers.stream().filter(header -> !OF_ORIGINALS.contains(header.name())).toList();
  }
}
