package io.sessionizer.verify;

import io.sessionizer.records.SourcePosition;
import java.io.IOException;

/** Records that are verified: a topic up to its current end, or files. */
public interface RecordSource extends AutoCloseable {
  /** Where a position is that another record names as its source. */
  enum Coverage {
    /** On a source that is not read. */
    ELSEWHERE,
    /** Before the first record that is read: it was deleted. */
    BEFORE,
    /** Among the records that are read. */
    WITHIN,
    /** Behind the last record that is read: it was written since. */
    BEHIND
  }

  /** Accepts a record. */
  interface EachRecord {
    void accept(SourceRecord record) throws IOException;
  }

  /** Returns the source for people, such as a topic's name. */
  String name();

  /** Returns about how many records there are; for progress. */
  long size();

  /** Returns a number that is larger than that of every part. */
  int parts();

  /**
   * Whether no session is open: there will be no more records, or a job has drained the topic and
   * written all sessions.
   */
  boolean isComplete();

  /** Whether there will be no more records in a part. */
  default boolean isComplete(int part) {
    return isComplete();
  }

  /**
   * Whether the sessions of a part have their ids as keys, and end reasons. Else the visit id and
   * the start are in the value.
   */
  boolean hasKeys(int part);

  /** Whether a record of a part replaces those with its key that are older. */
  boolean replaces(int part);

  /** Returns where {@code position} is. */
  Coverage coverage(SourcePosition position);

  /**
   * Returns the number of the partition or file of a position {@link Coverage#WITHIN} the source,
   * from 0.
   */
  int part(SourcePosition position);

  /** Whether the first records of a part were deleted. */
  boolean isTruncated(int part);

  /** Returns the position of a part and an offset in it. */
  SourcePosition position(int part, long offset);

  /** Returns a position for people. */
  String describe(SourcePosition position);

  /** Reads all records, part after part, each in the order of its offsets. */
  void read(EachRecord each) throws IOException;

  @Override
  void close();
}
