package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.cli.FileFlags.JobPlaces;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.explain.Investigation;
import io.sessionizer.explain.SearchedFiles;
import io.sessionizer.launch.Flags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Explains why the sessions of a visit id are as they are. */
@Command(
    name = "explain",
    customSynopsis = "sessionizer explain [--name=value ...] VISIT_ID",
    description = {
      "Explains the sessions of one visit id, visit by visit.",
      "Shows where every visit went and why, the gaps between the visits, how late they were, and every record about their sessions."
          + " Needs the flags that the job runs with. Reads all partitions of the topics up to their"
          + " current ends, or files, and writes nothing; --startFrom=TIME reads less. Every flag of"
          + " 'sessionizer run' is accepted. Write -- in front of a visit id that begins with two dashes."
    },
    exitCodeList = "4:records were read, and none is of this visit id",
    footer = {
      "./sessionizer explain 140719780965248_0",
      "./sessionizer explain --sessionGap=30m 140719780965248_0",
      "./sessionizer explain --input='visits/*.jsonl.gz' --sessions=out v1"
    })
final class ExplainCommand implements Callable<Integer> {
  private static final int NOTHING_FOUND = 4;

  @Parameters(paramLabel = "VISIT_ID", description = "the visit id to explain")
  private String visitId;

  @Mixin private FileFlags files;

  @Mixin private ConfigFlag config;

  @Unmatched private List<String> jobFlags = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws BadFlagsException, NotReadyException, IOException {
    List<String> problems = new ArrayList<>();
    Settings settings = Flags.parse(config.before(jobFlags).toArray(String[]::new)).settings();
    JobPlaces places = files.places(settings, problems);
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    SearchedFiles searched =
        new SearchedFiles(
            places.inputFiles(), places.sessionFiles(settings), places.openFiles(settings));
    try (Investigation investigation = Investigation.of(visitId, settings, searched)) {
      read(investigation);
      if (investigation.isEmpty()) {
        spec.commandLine().getErr().println("sessionizer: " + investigation.nothingFound());
        return NOTHING_FOUND;
      }
      Ansi ansi = Terminal.STDOUT.ansi();
      investigation.explanation().forEach(line -> System.out.println(StyledLine.text(line, ansi)));
      return SessionizationJob.DONE;
    } catch (KafkaException e) {
      throw new NotReadyException(
          "Kafka at " + settings.bootstrapServers() + ": " + e.getMessage());
    }
  }

  private static void read(Investigation investigation) throws IOException {
    try (StatusLine line = StatusLine.open();
        ProgressBar bar =
            line.bar("explain", investigation.size()).setUnit(" records", 1).showSpeed().build()) {
      investigation.read(bar::stepTo);
    }
  }
}
