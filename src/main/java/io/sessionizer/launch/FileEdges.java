package io.sessionizer.launch;

import static io.sessionizer.launch.JobLog.LOG;

import io.sessionizer.Edges;
import io.sessionizer.Seam;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.files.InputFiles;
import io.sessionizer.files.NoLateVisits;
import io.sessionizer.files.OutputFolder;
import io.sessionizer.files.ReadFiles;
import io.sessionizer.files.ReadMatchedFiles;
import io.sessionizer.files.ReadVisitFiles;
import io.sessionizer.files.SortSpace;
import io.sessionizer.files.WriteDeadLetterFiles;
import io.sessionizer.files.WriteOpenVisits;
import io.sessionizer.files.WriteSessionFiles;
import io.sessionizer.kafka.ProvidedPseudonymKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.io.FileSystems;

/** The edges of a job that reads files, after a check of these, and of what it writes. */
final class FileEdges {
  private FileEdges() {}

  /**
   * Checks the files of a job, and logs what it does.
   *
   * @throws NotReadyException if a glob matches no file, or the output is not ready
   */
  static JobEdges prepare(JobSpec job, FileNames files) throws NotReadyException {
    ReadFiles visits = requireInput(job, files);
    JobEdges edges = prepare(job, files, visits);
    job.log();
    LOG.info("{}", job.runnerFlags());
    if (job.launcher() instanceof FlinkLauncher) {
      log(visits.sortSpace());
    }
    return new JobEdges(edges.edges(), edges.end().behind(visits::allRead));
  }

  /**
   * Checks the folder of a job whose workers read and write files, and logs what it does. The files
   * are matched again by the job.
   *
   * @throws NotReadyException if a glob matches no file, or the folder is not ready
   */
  static JobEdges ofWorkers(JobSpec job, FileNames files) throws NotReadyException {
    FileSystems.setDefaultPipelineOptions(job.options());
    InputFiles.requireMatches(files.input());
    KafkaEdges.requirePseudonymKey(job.settings());
    String output = Objects.requireNonNull(files.output(), "is required by the runner");
    OutputFolder folder = OutputFolder.prepare("--output", output);
    job.log();
    LOG.info("{}", job.runnerFlags());
    Edges edges =
        inFolder(
            ReadMatchedFiles.from(files.input(), job.settings()), files, output, job.settings());
    return new JobEdges(edges, new JobEnd(folder::finish, folder::abandon));
  }

  /** Returns the edges of a job that writes to a folder. */
  private static Edges inFolder(
      ReadVisitFiles visits, FileNames files, String output, Settings settings) {
    return new Edges(
        visits,
        WriteSessionFiles.toFolder(
            output, files.format(), settings, ProvidedPseudonymKey.pseudonyms(settings)),
        new NoLateVisits(),
        WriteDeadLetterFiles.toFolder(output));
  }

  private static void log(SortSpace space) {
    if (space.mayBeTooLittle()) {
      LOG.warn("{}: name another folder with SESSIONIZER_JAVA_OPTS=-Djava.io.tmpdir=DIR", space);
    } else {
      LOG.info("{}", space);
    }
  }

  private static JobEdges prepare(JobSpec job, FileNames files, ReadFiles visits)
      throws NotReadyException {
    Settings settings = job.settings();
    KafkaEdges.requirePseudonymKey(settings);
    String output = files.output();
    if (output != null && !files.writesStandardOutput()) {
      OutputFolder folder = OutputFolder.prepare("--output", output);
      return in(folder, inFolder(visits, files, output, settings), settings);
    }
    Edges edges =
        output == null
            ? topics(job, visits)
            : new Edges(
                visits,
                WriteSessionFiles.toStandardOutput(
                    settings, ProvidedPseudonymKey.pseudonyms(settings)),
                new NoLateVisits(),
                WriteDeadLetterFiles.toFile(files.deadLetters()));
    String openVisits = settings.openVisits();
    return openVisits == null
        ? new JobEdges(edges, JobEnd.whenDone(() -> {}))
        : in(OutputFolder.prepare("--openVisits", openVisits), edges, settings);
  }

  /** Returns the edges of a job that writes a folder, with the seam that is noted there. */
  private static JobEdges in(OutputFolder folder, Edges edges, Settings settings)
      throws NotReadyException {
    Edges all = edges;
    if (settings.seam() != null && settings.openVisits() != null) {
      folder.writeSeam(settings.seam(), settings.policyAsFlags());
      all =
          edges.with(
              new Seam.End(
                  settings.seam().toEpochMilli(),
                  new WriteOpenVisits(settings.openVisits(), settings)));
    }
    return new JobEdges(all, new JobEnd(folder::finish, folder::abandon));
  }

  private static Edges topics(JobSpec job, ReadFiles visits) throws NotReadyException {
    try {
      return KafkaEdges.ofOutput(job, visits);
    } catch (NotReadyException e) {
      List<String> problems = new ArrayList<>(e.problems());
      problems.add("without --output, sessions are written to Kafka; --output=DIR names a folder");
      throw new NotReadyException(problems);
    }
  }

  /**
   * Returns what reads the files of a job.
   *
   * @throws NotReadyException if a glob matches no file
   */
  static ReadFiles requireInput(JobSpec job, FileNames files) throws NotReadyException {
    FileSystems.setDefaultPipelineOptions(job.options());
    return ReadFiles.from(files.input(), job.settings());
  }
}
