package io.sessionizer.launch.spark;

import java.util.regex.Pattern;

/** Where Spark runs, as {@code --sparkMaster} says. */
final class SparkMaster {
  /** All cores of this machine. */
  private static final String LOCAL = "local[*]";

  /** Is set in a process that spark-submit has started. */
  private static final String SUBMITTED = "spark.master";

  private static final Pattern THIS_PROCESS = Pattern.compile("local(\\[(\\*|[1-9]\\d*)\\])?");
  private static final Pattern CLUSTER = Pattern.compile("spark://[^/\\s]+:\\d+");

  private SparkMaster() {}

  /** Returns the default: what spark-submit was given, or this process. */
  static String usual() {
    return System.getProperty(SUBMITTED, LOCAL);
  }

  /** Returns whether Spark runs in this process. */
  static boolean isThisProcess(String master) {
    return master.startsWith("local");
  }

  /** Sets what Spark reads from the properties of this process, unless it is set. */
  static void configure(String master) {
    // A stage that runs again could write what the one before has written.
    setUnlessSet("spark.stage.maxConsecutiveAttempts", "1");
    if (isThisProcess(master)) {
      // No port is open to other machines.
      setUnlessSet("spark.driver.host", "localhost");
      setUnlessSet("spark.driver.bindAddress", "localhost");
      setUnlessSet("spark.ui.enabled", "false");
    }
  }

  private static void setUnlessSet(String name, String value) {
    System.getProperties().putIfAbsent(name, value);
  }

  /** Returns whether this process can have Spark run there. */
  static boolean isSupported(String master) {
    return master.equals(System.getProperty(SUBMITTED))
        || THIS_PROCESS.matcher(master).matches()
        || CLUSTER.matcher(master).matches();
  }
}
