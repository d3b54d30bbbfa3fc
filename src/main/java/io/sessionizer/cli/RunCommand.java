package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.JobSpec;
import io.sessionizer.launch.Preflight;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Runs the job. Its flags are Beam's, so Beam reads them; picocli shows them. */
@Command(
    name = RunCommand.NAME,
    description = {
      "Turns visits of a Kafka topic, or of files, into sessions.",
      "Runs on this machine or on a cluster. Every flag of Beam and of the runner is accepted."
    },
    exitCodeList = "4:with --stopWhenDrained: records were read, and none was accepted",
    footer = {
      "./sessionizer run --runner=FlinkRunner --flinkMaster=localhost:8081",
      "./sessionizer run --stopWhenDrained --timeZone=Europe/Paris",
      "./sessionizer run --input='visits/*.jsonl.gz' --output=out"
    })
final class RunCommand implements Callable<Integer> {
  static final String NAME = "run";

  @Mixin private ConfigFlag config;

  @Unmatched private List<String> flags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    String[] all = config.before(flags).toArray(String[]::new);
    String preflight = System.getProperty(Preflight.PROPERTY);
    if (preflight != null) {
      Preflight.check(preflight, all);
      return SessionizationJob.DONE;
    }
    JobSpec job = Flags.parse(all);
    try (RunProgress progress = RunProgress.open(job.settings().files())) {
      return SessionizationJob.run(job, progress::watch);
    }
  }
}
