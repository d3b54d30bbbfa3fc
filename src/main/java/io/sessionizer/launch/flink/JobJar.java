package io.sessionizer.launch.flink;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The jar that a Flink cluster gets. */
public final class JobJar {
  /** Its file name. */
  public static final String NAME = "sessionizer-flink.jar";

  private JobJar() {}

  /** Where the build puts it: beside the jar, or the folder, that this class is in. */
  static Path path() {
    try {
      return Path.of(JobJar.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .resolveSibling(NAME);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
