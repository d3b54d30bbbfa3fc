package io.sessionizer.records;

import java.io.IOException;

/** A record that is not one of those that a job writes to its topic. */
public final class MalformedRecordException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedRecordException(String message) {
    super(message);
  }

  static MalformedRecordException because(IllegalArgumentException problem) {
    return new MalformedRecordException(String.valueOf(problem.getMessage()));
  }
}
