package io.sessionizer.broker;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.process.TemporaryFolders;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A temporary folder that is deleted, with its contents, when it is closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {

  /**
   * Creates a folder.
   *
   * @throws NotReadyException if it cannot be created
   */
  public static TemporaryFolder create() throws NotReadyException {
    try {
      return new TemporaryFolder(TemporaryFolders.create(""));
    } catch (IOException e) {
      throw new NotReadyException(
          "cannot create a folder in %s: %s. Set -Djava.io.tmpdir in SESSIONIZER_JAVA_OPTS to another one."
              .formatted(System.getProperty("java.io.tmpdir"), reason(e)));
    }
  }

  /** Returns the reason of a failure; the exception's message is often the path alone. */
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
