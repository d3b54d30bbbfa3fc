package io.sessionizer.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Utils;

/** A folder that is deleted, with all that is in it, when it is closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {

  /** Makes a folder. */
  public static TemporaryFolder create() throws IOException {
    return new TemporaryFolder(Files.createTempDirectory("sessionizer-"));
  }

  @Override
  public void close() throws IOException {
    Utils.delete(path.toFile());
  }
}
