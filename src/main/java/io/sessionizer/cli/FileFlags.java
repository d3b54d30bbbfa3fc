package io.sessionizer.cli;

import io.sessionizer.config.FileNames;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.ShellWord;
import io.sessionizer.files.WrittenFolder;
import io.sessionizer.lines.LocalGlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Option;

/**
 * The flags for files of a job, of commands that read what it has read and written. Without them,
 * those of the job itself count, and else its topics.
 */
final class FileFlags {
  private static final String INPUT = "--input=";
  private static final String SESSIONS = "--sessions=";

  @Option(
      names = "--input",
      paramLabel = "GLOB",
      description = "read visits from files of this machine, as 'run' does. May be repeated")
  private List<String> input = new ArrayList<>();

  @Option(
      names = "--sessions",
      paramLabel = "DIR",
      description = "read sessions and dead letters from a folder that 'run --output' wrote")
  private @Nullable String sessions;

  /** Returns the flags as they were given, for a command line. */
  List<String> given() {
    List<String> words = new ArrayList<>();
    input.forEach(glob -> words.add(ShellWord.of(INPUT + glob)));
    if (sessions != null) {
      words.add(ShellWord.of(SESSIONS + sessions));
    }
    return words;
  }

  /**
   * Returns the places of a job.
   *
   * @param problems receives invalid combinations of flags
   */
  JobPlaces places(Settings settings, List<String> problems) {
    List<String> globs = input;
    String folder = sessions;
    String openVisits = settings.openVisits();
    FileNames files = settings.files();
    if (files != null) {
      if (globs.isEmpty()) {
        globs = files.input();
      }
      if (folder == null && files.output() != null) {
        folder = files.output();
        if (files.writesStandardOutput()) {
          problems.add("--output=-: its sessions are not kept; have them written to a folder");
        }
      }
      if (files.output() != null && !files.writesStandardOutput()) {
        openVisits = null; // they are carried over, in that folder
      }
    }
    if (globs.contains(FileNames.STANDARD)) {
      problems.add("--input=-: cannot be read twice; name the files, or read the topics");
    }
    if (folder != null && globs.isEmpty() && openVisits != null) {
      problems.add("%s%s: needs --input, if --openVisits is given".formatted(SESSIONS, folder));
    }
    return new JobPlaces(globs, folder, openVisits);
  }

  /**
   * Where a job, or two of them with a seam between them, have read visits and written sessions.
   *
   * @param input the files with visits; without any, they are on a topic alone
   * @param sessions the folder with sessions; null if they are on a topic alone
   * @param openVisits the folder with visits that a job on topics continues; null if there is none
   */
  record JobPlaces(List<String> input, @Nullable String sessions, @Nullable String openVisits) {
    /** Whether visits are on a topic. */
    boolean areVisitsOnTopic() {
      return input.isEmpty() || openVisits != null;
    }

    /** Whether sessions are on a topic. */
    boolean areSessionsOnTopic() {
      return sessions == null || openVisits != null;
    }

    /**
     * Returns the files with visits.
     *
     * @throws NotReadyException with each glob that matches none
     */
    List<Path> inputFiles() throws NotReadyException {
      List<Path> files = new ArrayList<>();
      List<String> problems = new ArrayList<>();
      for (String glob : input) {
        try {
          List<Path> found = LocalGlob.files(glob);
          if (found.isEmpty()) {
            problems.add(INPUT + glob + ": matches no file of this machine");
          }
          files.addAll(found);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
          problems.add(INPUT + glob + ": " + e.getMessage());
        }
      }
      if (!problems.isEmpty()) {
        throw new NotReadyException(problems);
      }
      return files;
    }

    /** Returns the files with sessions; null if there is no folder. */
    @Nullable WrittenFolder sessionFiles(Settings settings) throws NotReadyException {
      return sessions == null ? null : WrittenFolder.of("--sessions", sessions, settings);
    }

    /**
     * Returns the files with visits that a job on topics continues; null if there are none.
     *
     * @throws NotReadyException also if the folder does not end at a seam
     */
    @Nullable WrittenFolder openFiles(Settings settings) throws NotReadyException {
      if (openVisits == null) {
        return null;
      }
      WrittenFolder folder = WrittenFolder.of("--openVisits", openVisits, settings);
      if (folder.seam() == null) {
        throw new NotReadyException(
            "--openVisits=%s: ends at no seam; name the folder that a job with --seam has written"
                .formatted(openVisits));
      }
      return folder;
    }
  }
}
