package io.sessionizer.generator;

import java.io.IOException;

/** A place that generated visits are written to. Not for more than one thread. */
public interface VisitSink extends AutoCloseable {
  /**
   * Takes a visit; it may be written later.
   *
   * @throws IOException if this visit, or one before it, cannot be written
   */
  void write(GeneratedVisit visit) throws IOException;

  /**
   * Returns when all visits are written.
   *
   * @throws IOException if one cannot be written
   */
  void flush() throws IOException;

  /** Lets go of the place; what has not been flushed may be lost. */
  @Override
  void close() throws IOException;
}
