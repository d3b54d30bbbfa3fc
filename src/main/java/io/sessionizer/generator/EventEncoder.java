package io.sessionizer.generator;

import io.sessionizer.generator.VisitorPool.PageView;

/** Writes visits as records of one format. Not for more than one thread. */
interface EventEncoder {
  /** Returns the encoder of a format that {@code --visitFormat} names. */
  static EventEncoder of(String format) {
    return format.equals(VisitEncoder.FORMAT) ? new VisitEncoder() : EventTemplate.of(format);
  }

  /** Returns a visit as the value of a record. */
  byte[] encode(PageView view);

  /** Returns the visit id in UTF-8, as the format has it. */
  byte[] key(PageView view);

  /**
   * Returns a record with a corruption that makes it malformed.
   *
   * @param number how many were corrupted before
   */
  byte[] corrupted(byte[] wellFormed, long number);
}
