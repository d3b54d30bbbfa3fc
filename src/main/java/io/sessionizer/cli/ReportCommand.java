package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.CountedNoun;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.files.WrittenFolder;
import io.sessionizer.launch.Flags;
import io.sessionizer.watch.Report;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Writes a page about all sessions. */
@Command(
    name = "report",
    description = {
      "Writes a web page about all sessions, as one file.",
      "Shows durations, pages per session, entry and exit pages, late visits and rejected records. A"
          + " browser opens the file from disk, without a server or a network. It reads the topics"
          + " of a job, with the flags that the job runs with, or what a job on files has written. Every flag of 'sessionizer"
          + " run' is accepted."
    },
    footer = {
      "./sessionizer report",
      "./sessionizer report --input=sessions.jsonl --output=january.html",
      "./sessionizer report --config=sessionizer.yaml"
    })
final class ReportCommand implements Callable<Integer> {
  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "report.html",
      description = "page to write [${DEFAULT-VALUE}]")
  private Path output;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "read sessions from a file instead of topics, or from a folder that 'run --output' wrote. The file"
              + " has JSON lines, as 'sessionizer demo' or 'sessionizer tail' print them in a pipe")
  private @Nullable Path input;

  @Mixin private ConfigFlag config;

  @Unmatched private List<String> jobFlags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Settings settings = Flags.parse(config.before(jobFlags).toArray(String[]::new)).settings();
    Path read = input == null ? outputOfJob(settings) : input;
    Report report = read == null ? Report.ofTopics(settings) : ofFiles(read, settings);
    try {
      report.write(output);
    } catch (IOException e) {
      throw new NotReadyException("cannot write " + output + ": " + reason(e));
    }
    System.err.println(CountedNoun.of(report.sessions(), "session") + " in " + output);
    return SessionizationJob.DONE;
  }

  /** Returns where a job on files has written sessions; null if they are on a topic. */
  private static @Nullable Path outputOfJob(Settings settings) throws BadFlagsException {
    FileNames files = settings.files();
    if (files == null || files.output() == null) {
      return null;
    }
    if (files.writesStandardOutput()) {
      throw new BadFlagsException(
          List.of("--output=-: its sessions are not kept; name a file of them with --input"));
    }
    return Path.of(files.output());
  }

  private static Report ofFiles(Path read, Settings settings) throws NotReadyException {
    try {
      return Files.isDirectory(read)
          ? Report.ofFolder(
              read.getFileName().toString(),
              WrittenFolder.of("--input", read.toString(), settings),
              settings)
          : Report.ofFile(read, settings.timeZone());
    } catch (IOException e) {
      throw new NotReadyException("cannot use " + read + ": " + reason(e));
    }
  }

  /** The problem with a file is often in the exception's type alone, its message being the path. */
  private static @Nullable String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    return e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
  }
}
