package io.sessionizer.visits;

/**
 * Finds the fields of a {@link FieldTree} in a record's value, and puts them into {@link
 * RecordFields}. There is one for each record format. Not thread-safe.
 */
interface RecordScanner {
  /**
   * Finds the fields in the bytes from {@code from} to {@code to}. Fields that are not there are
   * {@linkplain RecordFields#MISSING missing}.
   *
   * @throws RejectedVisitException if the bytes are not in the format
   */
  void scan(byte[] bytes, int from, int to) throws RejectedVisitException;
}
