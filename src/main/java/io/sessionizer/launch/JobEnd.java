package io.sessionizer.launch;

/**
 * What follows a job in this process.
 *
 * @param whenDone runs when the job is done
 * @param otherwise runs when it has failed, or was cancelled
 */
record JobEnd(Runnable whenDone, Runnable otherwise) {
  /** Returns this behind something that runs if the job is done. */
  JobEnd behind(Runnable first) {
    return new JobEnd(
        () -> {
          first.run();
          whenDone.run();
        },
        otherwise);
  }

  /** Runs something only if the job is done. */
  static JobEnd whenDone(Runnable whenDone) {
    return new JobEnd(whenDone, () -> {});
  }
}
