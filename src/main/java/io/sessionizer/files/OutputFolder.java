package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Shutdown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.util.MimeTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that a job writes its files to. As long as the job is not done, it has a file {@value
 * #INCOMPLETE}, and afterwards a file {@value #SUCCESS}.
 */
public final class OutputFolder {
  /** What the names of files with sessions start with. */
  static final String SESSIONS = "sessions";

  /** What the names of files with dead letters start with. */
  static final String DEAD_LETTERS = "dead-letters";

  /** What the names of files with visits of open sessions start with. */
  static final String OPEN_VISITS = "open-visits";

  /** What the names of files with lines end with. */
  static final String LINES = ".jsonl";

  /** What the names of Parquet files end with. */
  static final String PARQUET = ".parquet";

  /** The file that is written last. */
  static final String SUCCESS = "_SUCCESS";

  private static final String INCOMPLETE = "_INCOMPLETE";

  /** Of Beam, for files that are being written. */
  private static final String TEMPORARY = ".temp-beam";

  /** A step that is being stopped may create a file after the others were deleted. */
  private static final int DELETIONS = 20;

  private static final long PAUSE_MILLIS = 50;

  private static final Logger LOG = LoggerFactory.getLogger(OutputFolder.class);

  private final String flag;
  private final String name;
  private final ResourceId folder;
  private final boolean existed;
  private final Runnable abandon = this::abandon;

  private OutputFolder(String flag, String name) {
    this.flag = flag;
    this.name = name;
    this.folder = FileSystems.matchNewResource(name, true);
    this.existed = !isLocal() || Files.exists(path());
  }

  /**
   * Makes a folder ready to be written to: what a run has left that was killed is deleted. So is
   * what the job has written, if the process is stopped before the job is done.
   *
   * @param flag has named it
   * @throws NotReadyException if something else is in the folder, or it cannot be written to
   */
  public static OutputFolder prepare(String flag, String name) throws NotReadyException {
    try {
      OutputFolder folder = new OutputFolder(flag, name);
      folder.requireEmpty();
      Shutdown.last(folder.abandon);
      folder.create(INCOMPLETE, "A job writes to this folder, or was killed.\n");
      return folder;
    } catch (IOException | IllegalArgumentException e) {
      throw new NotReadyException(
          "%s=%s: cannot be written: %s %s"
              .formatted(flag, name, e.getClass().getSimpleName(), e.getMessage()));
    }
  }

  private void requireEmpty() throws IOException, NotReadyException {
    if (isLocal() && existed && !Files.isDirectory(path())) {
      throw new NotReadyException("%s=%s: is a file; name a new folder".formatted(flag, name));
    }
    List<String> paths = paths();
    boolean isIncomplete = paths.contains(INCOMPLETE);
    String other =
        paths.stream().filter(path -> !isIncomplete || !isOurs(path)).findFirst().orElse(null);
    if (other != null) {
      throw new NotReadyException(
          "%s=%s: is not empty (%s); name a new folder".formatted(flag, name, other));
    }
    if (isIncomplete) {
      LOG.info("deleting files of an incomplete run in {}", name);
      deleteOurs();
    }
  }

  /** Returns the paths of all files in the folder, from there on. */
  private List<String> paths() throws IOException {
    var paths = new TreeSet<String>();
    for (Metadata file : FileSystems.match(folder + "**", EmptyMatchTreatment.ALLOW).metadata()) {
      paths.add(file.resourceId().toString().substring(folder.toString().length()));
    }
    return new ArrayList<>(paths);
  }

  private static boolean isOurs(String path) {
    return path.equals(INCOMPLETE)
        || path.equals(SUCCESS)
        || path.startsWith(TEMPORARY)
        || ((path.endsWith(LINES) || path.endsWith(PARQUET))
            && (path.startsWith(SESSIONS + "-") || path.startsWith(DEAD_LETTERS + "-")))
        || path.equals(SeamFile.NAME)
        || isOpenVisits(path);
  }

  /** Whether a file has visits of open sessions, by its name. */
  static boolean isOpenVisits(String path) {
    return path.startsWith(OPEN_VISITS + "-") && path.endsWith(LINES);
  }

  /**
   * Notes where the archive ends.
   *
   * @param seam the event time
   * @param flags the flags that decide where a session ends, by name
   * @throws NotReadyException if the folder cannot be written to
   */
  public void writeSeam(Instant seam, Map<String, String> flags) throws NotReadyException {
    try {
      create(SeamFile.NAME, new SeamFile(seam, flags).text());
    } catch (IOException e) {
      throw new NotReadyException("%s=%s: cannot be written: %s".formatted(flag, name, e));
    }
  }

  /** Notes that all files are there. */
  public synchronized void finish() {
    try {
      create(SUCCESS, "");
      FileSystems.delete(
          List.of(folder.resolve(INCOMPLETE, StandardResolveOptions.RESOLVE_FILE)),
          StandardMoveOptions.IGNORE_MISSING_FILES);
      deleteTemporaryFolders();
      Shutdown.remove(abandon);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot finish " + folder, e);
    }
  }

  /** Deletes what a job has written that was not done, as if it had not been started. */
  public synchronized void abandon() {
    try {
      for (int i = 0; i < DELETIONS && deleteOurs(); i++) {
        Thread.sleep(PAUSE_MILLIS);
      }
      if (!existed) {
        Files.deleteIfExists(path());
      }
      Shutdown.remove(abandon);
    } catch (IOException e) {
      LOG.warn("files of the incomplete run are left in {}: {}", name, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes all files of a job; returns whether there were any. */
  private boolean deleteOurs() throws IOException {
    List<ResourceId> ours = new ArrayList<>();
    for (String path : paths()) {
      if (isOurs(path)) {
        ours.add(folder.resolve(path, StandardResolveOptions.RESOLVE_FILE));
      }
    }
    FileSystems.delete(ours, StandardMoveOptions.IGNORE_MISSING_FILES);
    return deleteTemporaryFolders() || !ours.isEmpty();
  }

  /** Deletes Beam's folders, which other file systems than a local one do not have. */
  private boolean deleteTemporaryFolders() throws IOException {
    if (!isLocal() || !Files.isDirectory(path())) {
      return false;
    }
    try (Stream<Path> walk = Files.walk(path())) {
      List<Path> temporary =
          walk.filter(path -> path().relativize(path).toString().startsWith(TEMPORARY))
              .sorted(Comparator.reverseOrder())
              .toList();
      for (Path path : temporary) {
        Files.deleteIfExists(path);
      }
      return !temporary.isEmpty();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean isLocal() {
    return folder.getScheme().equals("file");
  }

  private Path path() {
    return Path.of(folder.toString());
  }

  private void create(String file, String text) throws IOException {
    ResourceId resource = folder.resolve(file, StandardResolveOptions.RESOLVE_FILE);
    try (WritableByteChannel channel = FileSystems.create(resource, MimeTypes.TEXT)) {
      channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }
  }
}
