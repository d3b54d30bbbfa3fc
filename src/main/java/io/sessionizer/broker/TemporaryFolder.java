package io.sessionizer.broker;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.process.TemporaryFolders;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A folder that is deleted, with all that is in it, when it is closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {

  /**
   * Makes a folder.
   *
   * @throws NotReadyException if there is no place for it
   */
  public static TemporaryFolder create() throws NotReadyException {
    try {
      return new TemporaryFolder(TemporaryFolders.create(""));
    } catch (IOException e) {
      throw new NotReadyException(
          "cannot make a folder in %s: %s. Set -Djava.io.tmpdir in SESSIONIZER_JAVA_OPTS to another place."
              .formatted(System.getProperty("java.io.tmpdir"), reason(e)));
    }
  }

  /** What went wrong, where the message of the exception is often the path alone. */
  public static String reason(IOException e) {
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return e.getClass().getSimpleName().replaceFirst("Exception$", "");
  }

  @Override
  public void close() throws IOException {
    TemporaryFolders.delete(path);
  }
}
