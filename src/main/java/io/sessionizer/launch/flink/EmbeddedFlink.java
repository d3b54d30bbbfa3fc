package io.sessionizer.launch.flink;

import io.sessionizer.config.Shutdown;
import io.sessionizer.process.NativeLibraries;
import io.sessionizer.process.TemporaryFolders;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;

/**
 * A Flink in this process, with a folder of its own for its configuration, its checkpoints and its
 * scratch files. The folder is made when it is first needed; when the process stops, Flink is
 * stopped and the folder deleted.
 */
public final class EmbeddedFlink {
  /** Has every thread that Flink starts: the threads of a group start theirs in it. */
  private static final ThreadGroup THREADS = new ThreadGroup("Flink");

  /**
   * What the names of threads begin with that outlive any Flink: the one for its timeouts, and
   * Netty's, which waits for a second for more to do.
   */
  private static final List<String> OUTLIVING =
      List.of("FlinkCompletableFutureDelayScheduler", "globalEventExecutor");

  private static final int MOST_THREADS = 10_000;
  private static final int ATTEMPTS = 600;
  private static final long PAUSE_MILLIS = 50;

  private EmbeddedFlink() {}

  /** Runs a job in a thread of its own. */
  public static void execute(Runnable job) {
    Thread thread = new Thread(THREADS, job, "job");
    thread.setDaemon(true);
    thread.start();
  }

  /** Has {@code config.yaml}, for {@code --flinkConfDir}. */
  static Path conf() {
    return Folder.PATH.resolve("conf");
  }

  /** Where state is saved. */
  static Path checkpoints() {
    return Folder.PATH.resolve("checkpoints");
  }

  /**
   * Cancels the job, and returns when Flink has ended, or after 30 s. Until then Flink writes to
   * its folder, and would make it anew.
   */
  public static void stop() {
    PrintStream stderr = System.err;
    // A job that is cancelled in the middle of something logs that as a failure.
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      for (int attempt = 0; attempt < ATTEMPTS && isRunning(); attempt++) {
        // A Flink that is starting has no job before it has started.
        SubmittedJob.cancel();
        pause();
      }
    } finally {
      System.setErr(stderr);
    }
  }

  private static boolean isRunning() {
    Thread[] threads = new Thread[MOST_THREADS];
    int count = THREADS.enumerate(threads);
    return Arrays.stream(threads, 0, count)
        .anyMatch(thread -> OUTLIVING.stream().noneMatch(thread.getName()::startsWith));
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Folder {
    static final Path PATH = create();

    private static Path create() {
      try {
        Path folder = TemporaryFolders.create("flink-");
        Shutdown.last(EmbeddedFlink::stop);
        Shutdown.last(() -> delete(folder));
        Path conf = Files.createDirectory(folder.resolve("conf"));
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        Files.writeString(conf.resolve("config.yaml"), config(scratch));
        NativeLibraries.unpackTo(scratch);
        // Beam compresses with Snappy, which would make a folder anew that is deleted meanwhile;
        // this
        // initializer is waited for before that.
        SerializableUtils.serializeToByteArray(folder.toString());
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException("no folder for Flink's files", e);
      }
    }

    private static void delete(Path folder) {
      try {
        TemporaryFolders.delete(folder);
      } catch (IOException e) {
        throw new UncheckedIOException("Flink's folder cannot be deleted", e);
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
          # The way to cancel the job.
          execution.job-listeners: %2$s
          # For --stateBackend=rocksdb: a checkpoint copies what is new, not everything.
          state.backend.incremental: true
          # Beam's counters while the job runs.
          metrics.reporter.jmx.factory.class: org.apache.flink.metrics.jmx.JMXReporterFactory
          """
          .formatted(scratch, SubmittedJob.class.getName());
    }
  }
}
