package io.sessionizer.launch.flink;

import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.JobListener;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The job that a Flink in this process runs. Flink creates an instance, by the name in its
 * configuration, and notifies it of the job; Beam returns from there only when the job has
 * finished.
 */
public final class SubmittedJob implements JobListener {
  private static volatile @Nullable JobClient client;

  /** Cancels the job, unless none was submitted or it was cancelled before. */
  static void cancel() {
    JobClient submitted = client;
    if (submitted != null) {
      client = null;
      var unused = submitted.cancel();
    }
  }

  @Override
  public void onJobSubmitted(@Nullable JobClient submitted, @Nullable Throwable failure) {
    client = submitted;
  }

  @Override
  public void onJobExecuted(@Nullable JobExecutionResult result, @Nullable Throwable failure) {
    client = null;
  }
}
