package io.sessionizer.files;

import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;

/**
 * Signals that a file cannot be read to its end, or not be written; the message has its name and
 * the reason.
 */
public final class UnusableFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Reports a file.
   *
   * @param what cannot be done, and where: {@code "read visits.jsonl"}
   */
  UnusableFileException(String what, IOException cause) {
    super("cannot %s: %s".formatted(what, reason(cause)), cause);
  }

  /** Returns the message, if a job failed because of such a file. */
  public static Optional<String> messageOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnusableFileException) {
        return Optional.ofNullable(cause.getMessage());
      }
    }
    return Optional.empty();
  }

  private static String reason(IOException cause) {
    return cause instanceof EOFException
        ? "the archive is truncated"
        : String.valueOf(cause.getMessage());
  }
}
