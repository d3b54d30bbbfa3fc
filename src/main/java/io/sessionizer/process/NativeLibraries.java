package io.sessionizer.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files to which compression libraries unpack their native code when it is first used. Each
 * library deletes its file when the process exits, but not if that is killed, nor if a signal ends
 * it while the file is written. LZ4's folder cannot be chosen; it is the temporary folder.
 */
public final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);

  /** The properties that name the folders of Snappy and of Zstandard. */
  private static final List<String> FOLDERS =
      List.of("org.xerial.snappy.tempdir", "ZstdTempFolder");

  private static final String FILES =
      "{liblz4-java-*.so,liblz4-java-*.so.lck,snappy-*-libsnappyjava.so,libzstd-jni-*.so}";

  /** What LZ4 appends to the name of the file that belongs to a library. */
  private static final String LOCK = ".lck";

  /** No process is still about to load a file of this age. */
  private static final Duration OLD = Duration.ofHours(1);

  private NativeLibraries() {}

  /** Has libraries unpack their native code to a folder, unless the user has named another one. */
  public static void unpackTo(Path folder) {
    for (String property : FOLDERS) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, folder.toString());
      }
    }
  }

  /** Deletes the files in the temporary folder that processes of this user have left. */
  public static void deleteThoseOfDeadProcesses() {
    try {
      deleteUnused(Path.of(System.getProperty("java.io.tmpdir", "")).toRealPath());
    } catch (IOException | UncheckedIOException | DirectoryIteratorException e) {
      LOG.debug("native libraries of dead processes stay", e);
    }
  }

  /** Deletes old files that no process has loaded, as far as Linux says so. */
  static void deleteUnused(Path folder) throws IOException {
    List<Path> old = new ArrayList<>();
    Path self = Path.of("/proc/self");
    if (!Files.isDirectory(self)) {
      return;
    }
    Instant before = Instant.now().minus(OLD);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, FILES)) {
      for (Path file : files) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && Files.getLastModifiedTime(file).toInstant().isBefore(before)
            && Files.getOwner(file).equals(Files.getOwner(self))) {
          old.add(file);
        }
      }
    }
    if (old.isEmpty()) {
      return;
    }
    String loaded = loaded();
    for (Path file : old) {
      String library = file.toString();
      if (library.endsWith(LOCK)) {
        library = library.substring(0, library.length() - LOCK.length());
      }
      if (!loaded.contains(library)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Returns the lines that name libraries which processes of this user have loaded. */
  private static String loaded() throws IOException {
    StringBuilder loaded = new StringBuilder();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      List<Path> all = processes.filter(each -> Character.isDigit(name(each).charAt(0))).toList();
      for (Path process : all) {
        try (Stream<String> maps = Files.lines(process.resolve("maps"))) {
          maps.filter(line -> line.endsWith(".so"))
              .forEach(line -> loaded.append(line).append('\n'));
        } catch (IOException | UncheckedIOException e) {
          LOG.trace("{} has ended, or is another user's", process, e);
        }
      }
    }
    return loaded.toString();
  }

  private static String name(Path path) {
    return Objects.requireNonNull(path.getFileName(), "a file of a folder has a name").toString();
  }
}
