package io.sessionizer.launch.dataflow;

import static java.util.jar.Attributes.Name.CLASS_PATH;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

/** The jars that Dataflow's workers get: those that the build of the profile "dataflow" makes. */
public final class DataflowJars {
  /** The file name of the first one, which runs the commands. */
  public static final String NAME = "sessionizer-dataflow.jar";

  private static final String FOLDER = "dataflow/";

  /** The workers have a logger of their own, which this one would silence. */
  private static final String COMMAND_LINES_LOGGER = FOLDER + "slf4j-simple-";

  private DataflowJars() {}

  /** Returns the jar that this class is in and those that it names; none if it is another build. */
  static List<Path> paths() {
    try {
      return paths(
          Path.of(DataflowJars.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException("the jars for Dataflow cannot be listed", e);
    }
  }

  /** Returns a jar and the libraries that it names. */
  static List<Path> paths(Path jar) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (String library : Files.isRegularFile(jar) ? libraries(jar) : new String[0]) {
      if (library.startsWith(FOLDER) && !library.startsWith(COMMAND_LINES_LOGGER)) {
        paths.add(jar.resolveSibling(library));
      }
    }
    if (!paths.isEmpty()) {
      paths.add(0, jar);
    }
    return paths;
  }

  private static String[] libraries(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      String libraries = file.getManifest().getMainAttributes().getValue(CLASS_PATH);
      return libraries == null ? new String[0] : libraries.split(" ", -1);
    }
  }
}
