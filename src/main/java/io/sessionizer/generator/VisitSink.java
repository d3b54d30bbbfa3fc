package io.sessionizer.generator;

import java.io.IOException;

/** A destination of generated visits. Not thread-safe. */
public interface VisitSink extends AutoCloseable {
  /**
   * Accepts a visit, which may be written later.
   *
   * @throws IOException if this visit, or one before it, cannot be written
   */
  void write(GeneratedVisit visit) throws IOException;

  /**
   * Writes all accepted visits.
   *
   * @throws IOException if one cannot be written
   */
  void flush() throws IOException;

  /** Releases the destination; visits that are not flushed may be lost. */
  @Override
  void close() throws IOException;
}
