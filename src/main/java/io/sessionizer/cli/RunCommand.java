package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.Preflight;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Runs the job. Its flags are Beam's, so Beam reads them; picocli shows them. */
@Command(
    name = "run",
    description = "Sessionizes a Kafka topic of visits, on this machine or a cluster.",
    customSynopsis = "sessionizer run [--name=value ...]",
    footer = {
      "",
      "Every option of Beam and of the runner can also be given, for example",
      "--jobName=NAME. Where the job runs:",
      "  --runner=DirectRunner                          here (the default)",
      "  --runner=FlinkRunner                           here, on Flink: the fast local mode",
      "  --runner=FlinkRunner --flinkMaster=HOST:PORT   on a Flink cluster",
      "  --runner=DataflowRunner --project=... --region=... --tempLocation=gs://...",
      "                                                 on Google Cloud Dataflow",
      "All problems with flags are reported at once, with exit code 2."
    })
final class RunCommand implements Callable<Integer> {
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
    return SessionizationJob.run(Flags.parse(all));
  }
}
