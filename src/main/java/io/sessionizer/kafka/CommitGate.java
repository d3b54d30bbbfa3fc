package io.sessionizer.kafka;

/**
 * Permission to commit the offsets of a job, until the job has finished in this JVM. A runner may
 * close readers, and complete their last checkpoint, after it has reported that the job is done: a
 * commit of theirs would replace the one of where the job stopped. Thread-safe.
 */
final class CommitGate {
  private boolean isClosed;

  /** Commits, unless the job has finished. */
  synchronized void commit(Runnable commit) {
    if (!isClosed) {
      commit.run();
    }
  }

  /** Permits no commit from now on, once one that has started is over. */
  synchronized void close() {
    isClosed = true;
  }
}
