package io.sessionizer.files;

import io.sessionizer.config.NotReadyException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A new file of this machine, or a device, that lines are written to. */
record LineFile(String path) implements LineDestination {
  private static final long serialVersionUID = 1L;
  private static final Object LOCK = new Object();

  /**
   * Creates the file.
   *
   * @param flag is named in a message
   * @throws NotReadyException if it exists, or cannot be written
   */
  static LineFile create(String flag, String name) throws NotReadyException {
    Path path = Path.of(name);
    if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
      return new LineFile(name); // such as /dev/stderr
    }
    try {
      Files.createFile(path);
      return new LineFile(name);
    } catch (FileAlreadyExistsException e) {
      throw new NotReadyException("%s=%s: exists; name a new file".formatted(flag, name));
    } catch (NoSuchFileException e) {
      throw new NotReadyException("%s=%s: its folder does not exist".formatted(flag, name));
    } catch (IOException e) {
      throw new NotReadyException("%s=%s: cannot be created: %s".formatted(flag, name, e));
    }
  }

  @Override
  public void append(byte[] lines, int length) throws IOException {
    synchronized (LOCK) {
      try (OutputStream out = new FileOutputStream(path, true)) {
        out.write(lines, 0, length);
      } catch (IOException e) {
        throw new UnusableFileException("write to " + path, e);
      }
    }
  }
}
