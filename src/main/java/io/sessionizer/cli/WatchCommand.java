package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.Flags;
import io.sessionizer.watch.Watch;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Shows the topics of a job as a web page. */
@Command(
    name = "watch",
    sortOptions = false,
    customSynopsis =
        "sessionizer watch [--port=PORT] [--host=ADDRESS --anyoneMayRead] [--last=COUNT]"
            + " [--name=value ...]",
    description = {
      "Shows visits and sessions live, on a web page of this machine, until Ctrl-C.",
      "Reads the topics beside the job, wherever that one runs, and writes nothing. Flags of"
          + " 'sessionizer run' say where the topics are and what the job does: use the job's own."
    })
final class WatchCommand implements Callable<Integer> {
  static final int PORT = 8070;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + PORT,
      description = "port to listen on; 0 for any free port [${DEFAULT-VALUE}]")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = Watch.Listening.LOOPBACK,
      description = "the address to listen on [${DEFAULT-VALUE}]")
  private String host;

  @Option(
      names = "--anyoneMayRead",
      description =
          "with a host that is not loopback: everybody who reaches it may read every visit")
  private boolean anyoneMayRead;

  @Option(
      names = "--last",
      paramLabel = "COUNT",
      defaultValue = "" + Watch.Listening.USUAL_VISITS,
      description = "how many visits to show at most, the newest ones [${DEFAULT-VALUE}]")
  private int last;

  @Mixin private ConfigFlag config;

  @Unmatched private List<String> jobFlags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Settings settings = settings();
    CountDownLatch ctrlC = new CountDownLatch(1);
    try (StopOnInterrupt interrupt = new StopOnInterrupt(ctrlC::countDown);
        Watch watch = Watch.start(settings, new Watch.Listening(host, port, last))) {
      System.err.println(shown(settings) + " at " + watch.address() + ". Ctrl-C stops it.");
      while (!interrupt.interrupted()) {
        ctrlC.await();
      }
      return SessionizationJob.DONE; // The signal decides the exit code.
    }
  }

  private static String shown(Settings settings) {
    return "Watching %s and %s of %s"
        .formatted(
            settings.topics().visitsAsFlag(),
            settings.topics().sessions(),
            settings.bootstrapServers());
  }

  private Settings settings() throws BadFlagsException {
    List<String> problems = new ArrayList<>();
    PortCheck.check("--port", port, problems);
    if (last < 1) {
      problems.add("--last=" + last + ": must be 1 or more");
    }
    checkHost(problems);
    Settings settings = null;
    try {
      settings = Flags.parseForTopics(config.before(jobFlags).toArray(String[]::new)).settings();
    } catch (BadFlagsException e) {
      problems.addAll(e.problems());
    }
    if (settings == null || !problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    return settings;
  }

  private void checkHost(List<String> problems) {
    try {
      if (!InetAddress.getByName(host).isLoopbackAddress() && !anyoneMayRead) {
        problems.add(
            "--host="
                + host
                + ": whoever reaches this address would read every visit; if that is meant, add"
                + " --anyoneMayRead");
      }
    } catch (UnknownHostException e) {
      problems.add("--host=" + host + ": no such host");
    }
  }
}
