package io.sessionizer.kafka;

/** When the results of a job are written. */
public enum Delivery {
  /** At once. */
  AT_ONCE,

  /** When a checkpoint has them; see {@link BufferUntilCheckpoint}. */
  AFTER_CHECKPOINT
}
