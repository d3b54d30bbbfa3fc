package io.sessionizer.launch;

/**
 * What follows a job in this process.
 *
 * @param whenDone runs when the job is done
 * @param otherwise runs when it has failed, or was cancelled
 */
record JobEnd(Runnable whenDone, Runnable otherwise) {
  /** Runs something only if the job is done. */
  static JobEnd whenDone(Runnable whenDone) {
    return new JobEnd(whenDone, () -> {});
  }
}
