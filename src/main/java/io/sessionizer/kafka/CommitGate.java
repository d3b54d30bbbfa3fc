package io.sessionizer.kafka;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Permission to commit the offsets of a job, until the job has finished in this JVM. A runner may
 * close readers, and complete their last checkpoint, after it has reported that the job is done: a
 * commit of theirs would replace the one of where the job stopped. Thread-safe.
 */
final class CommitGate {
  /** Commits share it; they need not wait for each other. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private boolean isClosed;

  /** Commits, unless the job has finished. */
  void commit(Runnable commit) {
    lock.readLock().lock();
    try {
      if (!isClosed) {
        commit.run();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Permits no commit from now on, once those that have started are over. */
  void close() {
    lock.writeLock().lock();
    try {
      isClosed = true;
    } finally {
      lock.writeLock().unlock();
    }
  }
}
