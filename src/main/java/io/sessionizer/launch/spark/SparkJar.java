package io.sessionizer.launch.spark;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The jar that the executors of a Spark cluster get. Spark itself is there already. */
public final class SparkJar {
  /** Its file name. It also runs the commands. */
  public static final String NAME = "sessionizer-spark.jar";

  private SparkJar() {}

  /** Returns the jar that this class is in. */
  static Path path() {
    try {
      return Path.of(SparkJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
