package io.sessionizer.launch.flink;

import io.sessionizer.config.Shutdown;
import io.sessionizer.process.TemporaryFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of a Flink that runs in this process: its configuration, its checkpoints and its
 * scratch files. It is made when it is first needed, and deleted when the process stops.
 */
final class EmbeddedFlink {
  private static final int DELETE_ATTEMPTS = 100;
  private static final long DELETE_PAUSE_MILLIS = 100;

  private EmbeddedFlink() {}

  /** Has {@code config.yaml}, for {@code --flinkConfDir}. */
  static Path conf() {
    return Folder.PATH.resolve("conf");
  }

  /** Where state is saved. */
  static Path checkpoints() {
    return Folder.PATH.resolve("checkpoints");
  }

  private static final class Folder {
    static final Path PATH = create();

    private static Path create() {
      try {
        Path folder = TemporaryFolders.create("flink-");
        Shutdown.last(() -> delete(folder));
        Path conf = Files.createDirectory(folder.resolve("conf"));
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        Files.writeString(conf.resolve("config.yaml"), config(scratch));
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException("no folder for Flink's files", e);
      }
    }

    private static String config(Path scratch) {
      return """
          # Who reaches Flink's ports can cancel the job, so only this machine does.
          rest.bind-address: localhost
          jobmanager.bind-host: localhost
          taskmanager.bind-host: localhost
          # Flink leaves files behind where these point to.
          io.tmp.dirs: "%1$s"
          web.tmpdir: "%1$s"
          # For --stateBackend=rocksdb: a checkpoint copies what is new, not everything.
          state.backend.incremental: true
          # Beam's counters while the job runs.
          metrics.reporter.jmx.factory.class: org.apache.flink.metrics.jmx.JMXReporterFactory
          """
          .formatted(scratch);
    }

    /**
     * Flink may be writing still: it ends with the process, not before. A file in the folder's
     * place keeps it from making the folder anew, until the JVM deletes that as the last thing it
     * does.
     */
    private static void delete(Path folder) {
      for (int attempt = 0; attempt < DELETE_ATTEMPTS; attempt++) {
        try {
          TemporaryFolders.delete(folder);
          Files.createFile(folder).toFile().deleteOnExit();
          return;
        } catch (IOException | UncheckedIOException e) {
          pause();
        }
      }
    }

    private static void pause() {
      try {
        Thread.sleep(DELETE_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
