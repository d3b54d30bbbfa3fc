package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import io.sessionizer.watch.Report;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Writes a page about all sessions. */
@Command(
    name = "report",
    sortOptions = false,
    customSynopsis = "sessionizer report [--output=FILE] [--input=FILE] [--name=value ...]",
    description = {
      "Writes a page about all sessions: durations, pages per session, entry and exit pages, and"
          + " about late visits and rejected records.",
      "One file that a browser opens from disk, without a server or a network. It reads the topics"
          + " of a job (flags of 'sessionizer run' say which: use the job's own), or a file."
    })
final class ReportCommand implements Callable<Integer> {
  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "report.html",
      description = "the page to write [${DEFAULT-VALUE}]")
  private Path output;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "read sessions from this file instead of topics: JSON lines, as 'sessionizer demo' or"
              + " 'sessionizer tail' print them in a pipe")
  private Path input;

  @Mixin private ConfigFlag config;

  @Unmatched private List<String> jobFlags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Settings settings = Flags.parse(config.before(jobFlags).toArray(String[]::new)).settings();
    Report report = input == null ? Report.ofTopics(settings) : ofFile(settings);
    try {
      report.write(output);
    } catch (IOException e) {
      throw new IOException("cannot write " + output + ": " + reason(e), e);
    }
    System.err.printf(Locale.ROOT, "%,d sessions in %s%n", report.sessions(), output);
    return SessionizationJob.DONE;
  }

  private Report ofFile(Settings settings) throws IOException {
    try {
      return Report.ofFile(input, settings.timeZone());
    } catch (IOException e) {
      throw new IOException("cannot use " + input + ": " + reason(e), e);
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
