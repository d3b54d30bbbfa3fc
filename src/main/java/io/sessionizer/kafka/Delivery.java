package io.sessionizer.kafka;

/** When the results of a job are written to their topics. */
public enum Delivery {
  /** At once. */
  AT_ONCE,

  /** When a checkpoint contains them ({@link BufferUntilCheckpoint}). */
  AFTER_CHECKPOINT
}
