package io.sessionizer.launch.flink;

/** The log of the tasks of a Flink in this process. */
public final class TaskLog {
  private static final String LEVEL =
      "org.slf4j.simpleLogger.log.org.apache.flink.runtime.taskmanager.Task";

  private TaskLog() {}

  /**
   * Logs no failure of a task, if this is called before Flink starts. A job that is not restarted
   * reports it, once.
   */
  public static void leaveFailuresToJob() {
    if (System.getProperty(LEVEL) == null) {
      System.setProperty(LEVEL, "off");
    }
  }
}
