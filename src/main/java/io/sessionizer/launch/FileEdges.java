package io.sessionizer.launch;

import static io.sessionizer.launch.JobLog.LOG;

import io.sessionizer.Edges;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.files.NoLateVisits;
import io.sessionizer.files.OutputFolder;
import io.sessionizer.files.ReadFiles;
import io.sessionizer.files.WriteDeadLetterFiles;
import io.sessionizer.files.WriteSessionFiles;
import org.apache.beam.sdk.io.FileSystems;

/** The edges of a job in files, after a check of these. */
final class FileEdges {
  private FileEdges() {}

  /**
   * Checks the files of a job, and logs what it does.
   *
   * @throws NotReadyException if a glob matches no file, or the folder is not empty
   */
  static JobEdges prepare(JobSpec job, FileNames files) throws NotReadyException {
    Settings settings = job.settings();
    FileSystems.setDefaultPipelineOptions(job.options());
    ReadFiles visits = ReadFiles.from(files.input(), settings);
    Runnable finish =
        files.writesStandardOutput() ? () -> {} : OutputFolder.prepare(files.output())::finish;
    job.log();
    LOG.info("{}", job.runnerFlags());
    return new JobEdges(
        new Edges(
            visits,
            new WriteSessionFiles(files.output(), settings.timeZone()),
            new NoLateVisits(),
            new WriteDeadLetterFiles(files)),
        finish);
  }
}
