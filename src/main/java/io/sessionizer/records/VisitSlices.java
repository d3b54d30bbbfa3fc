package io.sessionizer.records;

/**
 * The visits of a session one by one, in their order: the texts and the fields of each are slices
 * of an array, in UTF-8. The visit id is at its start. Not thread-safe.
 */
public interface VisitSlices {
  /** Moves to the next visit; false behind the last. */
  boolean next();

  /**
   * Returns the array that the slices are of; to be read only. It may be another for each visit.
   */
  byte[] bytes();

  /** Returns the length of the visit id, bytes. */
  int visitIdLength();

  /** Returns when the page was viewed, epoch milliseconds. */
  long eventTimeMillis();

  /** Returns where the page starts. */
  int pageFrom();

  /** Returns the length of the page, bytes; -1 if there is none. */
  int pageLength();

  /** Returns where the user id starts. */
  int userIdFrom();

  /** Returns the length of the user id, bytes; -1 if there is none. */
  int userIdLength();

  /** Returns where the {@link ProjectedFields} start. */
  int fieldsFrom();

  /** Returns the length of the {@link ProjectedFields}, bytes; 0 if there are none. */
  int fieldsLength();
}
