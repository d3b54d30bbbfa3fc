package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.broker.LocalBroker;

/**
 * A run for Java to record which classes the commands use, when a class-data archive is made of
 * them: one demo on each of the runners in this process.
 */
final class TrainingRun {
  private TrainingRun() {}

  /**
   * Runs the demos, and exits with the code of the first that fails.
   *
   * @param args the option with which the broker's JVM records its own classes
   */
  public static void main(String[] args) {
    int exitCode = demo("--runner=DirectRunner", "--visits=300");
    if (exitCode == SessionizationJob.DONE) {
      System.setProperty(LocalBroker.CLASS_DATA, args[0]);
      exitCode = demo("--runner=FlinkRunner", "--visits=1000");
    }
    System.exit(exitCode);
  }

  private static int demo(String runner, String visits) {
    return Sessionizer.commandLine().execute("demo", runner, visits);
  }
}
