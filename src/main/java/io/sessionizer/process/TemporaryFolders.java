package io.sessionizer.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Temporary folders of this process. A process that is killed leaves its folders, and the next one
 * deletes them. A folder is in use while a file in it is locked: unlike a process id, a lock is
 * never that of another process or container.
 */
public final class TemporaryFolders {
  private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolders.class);
  private static final String PREFIX = "sessionizer-";
  private static final String LOCK = ".lock";
  private static final int ATTEMPTS = 10;

  /** Open, as closing any channel of a file releases the locks that this process has on it. */
  private static final Map<Path, FileChannel> OWN = new HashMap<>();

  private TemporaryFolders() {}

  /**
   * Creates a folder, and deletes those of dead processes.
   *
   * @param name a part of its name; may be empty
   */
  public static synchronized Path create(String name) throws IOException {
    Path folder = Files.createTempDirectory(PREFIX + name).toRealPath();
    Path unlocked = folder.resolve(LOCK + ".new");
    FileChannel channel =
        FileChannel.open(unlocked, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (channel.tryLock() != null) {
      OWN.put(folder, channel);
      Files.move(unlocked, folder.resolve(LOCK));
    }
    deleteThoseOfDeadProcesses();
    return folder;
  }

  /** Deletes the folders of dead processes of this user. */
  public static synchronized void deleteThoseOfDeadProcesses() {
    try {
      Path mine = Files.createTempFile(PREFIX, "");
      try (DirectoryStream<Path> folders =
          Files.newDirectoryStream(mine.toRealPath().getParent(), PREFIX + "*")) {
        for (Path folder : folders) {
          if (!OWN.containsKey(folder)
              && Files.isRegularFile(folder.resolve(LOCK))
              && Files.getOwner(folder).equals(Files.getOwner(mine))) {
            deleteIfDead(folder);
          }
        }
      } finally {
        Files.delete(mine);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("folders of dead processes stay", e);
    }
  }

  /** Deletes a folder of this process, with all that is in it, also what is just being written. */
  public static synchronized void delete(Path folder) throws IOException {
    for (int attempt = 1; Files.exists(folder); attempt++) {
      try {
        deleteAll(folder);
      } catch (DirectoryNotEmptyException | UncheckedIOException e) {
        if (attempt == ATTEMPTS) {
          throw e instanceof UncheckedIOException unchecked
              ? unchecked.getCause()
              : (DirectoryNotEmptyException) e;
        }
      }
    }
    FileChannel channel = OWN.remove(folder);
    if (channel != null) {
      channel.close();
    }
  }

  private static void deleteIfDead(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        deleteAll(folder);
        LOG.debug("deleted {}, left by a process that was killed", folder);
      }
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    }
  }
}
