package io.sessionizer.files;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A folder of this machine that a job has written, and that it is done with.
 *
 * @param sessions the files with sessions; a job without sessions has none
 * @param areParquet whether these are Parquet, else they are lines
 * @param deadLetters the files with dead letters
 * @param openVisits the files with visits of sessions that are open at the seam
 * @param seam the event time where the archive ends; null if it has no such end
 */
public record WrittenFolder(
    List<Path> sessions,
    boolean areParquet,
    List<Path> deadLetters,
    List<Path> openVisits,
    @Nullable Instant seam) {

  /**
   * Lists the files of a folder.
   *
   * @param flag has named it
   * @param settings of the job
   * @throws NotReadyException if it is not the folder of a job that is done, or that job had other
   *     flags that decide where a session ends
   */
  public static WrittenFolder of(String flag, String folder, Settings settings)
      throws NotReadyException {
    Path path = Path.of(folder);
    if (!Files.exists(path.resolve(OutputFolder.SUCCESS))) {
      throw new NotReadyException(
          "%s=%s: has no file %s; name the folder of a job that is done"
              .formatted(flag, folder, OutputFolder.SUCCESS));
    }
    try {
      List<Path> lines = files(path, OutputFolder.SESSIONS, OutputFolder.LINES);
      List<Path> parquet = files(path, OutputFolder.SESSIONS, OutputFolder.PARQUET);
      if (!lines.isEmpty() && !parquet.isEmpty()) {
        throw new NotReadyException(
            "%s=%s: has sessions of two jobs, as lines and as Parquet".formatted(flag, folder));
      }
      Instant seam = null;
      if (Files.exists(path.resolve(SeamFile.NAME))) {
        SeamFile written = SeamFile.read(Files.readAllBytes(path.resolve(SeamFile.NAME)));
        written.requireSameFlags(flag, folder, settings);
        seam = written.seam();
      }
      return new WrittenFolder(
          parquet.isEmpty() ? lines : parquet,
          !parquet.isEmpty(),
          files(path, OutputFolder.DEAD_LETTERS, OutputFolder.LINES),
          files(path, OutputFolder.OPEN_VISITS, OutputFolder.LINES),
          seam);
    } catch (IOException e) {
      throw new NotReadyException(
          "%s=%s: cannot be read: %s".formatted(flag, folder, e.getMessage()));
    }
  }

  private static List<Path> files(Path folder, String start, String end) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.forEach(
          file -> {
            String name = String.valueOf(file.getFileName());
            if (name.startsWith(start + "-") && name.endsWith(end)) {
              files.add(file);
            }
          });
    }
    files.sort(null);
    return files;
  }
}
