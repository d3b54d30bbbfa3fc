package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.CountedNoun;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import io.sessionizer.watch.Report;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
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
          + " of a job, with the flags that the job runs with, or a file. Every flag of 'sessionizer"
          + " run' is accepted."
    },
    footer = {
      "./sessionizer report",
      "./sessionizer report --input=sessions.jsonl --output=january.html"
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
          "read sessions from a file instead of topics. The file has JSON lines, as 'sessionizer demo' or"
              + " 'sessionizer tail' print them in a pipe")
  private Path input;

  @Mixin private ConfigFlag config;

  @Unmatched private List<String> jobFlags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Settings settings =
        Flags.parseForTopics(config.before(jobFlags).toArray(String[]::new)).settings();
    Report report = input == null ? Report.ofTopics(settings) : ofFile(settings);
    try {
      report.write(output);
    } catch (IOException e) {
      throw new NotReadyException("cannot write " + output + ": " + reason(e));
    }
    System.err.println(CountedNoun.of(report.sessions(), "session") + " in " + output);
    return SessionizationJob.DONE;
  }

  private Report ofFile(Settings settings) throws NotReadyException {
    try {
      return Report.ofFile(input, settings.timeZone());
    } catch (IOException e) {
      throw new NotReadyException("cannot use " + input + ": " + reason(e));
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
