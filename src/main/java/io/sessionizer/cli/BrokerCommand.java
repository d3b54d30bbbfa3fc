package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.LocalTopics;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.config.BadFlagsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a broker until it is stopped. */
@Command(
    name = "broker",
    description = {
      "Runs a Kafka broker on this machine, for development.",
      "It is a single broker that runs until Ctrl-C. On the first start it creates the topics visits, sessions, late-visits and dead-letters,"
          + " with two partitions each. It listens on 127.0.0.1 only."
    },
    footer = {"./sessionizer broker", "./sessionizer broker --port=9093 --dataDir=kafka-data"})
final class BrokerCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "port to listen on; 0: any free port [${DEFAULT-VALUE}]")
  private int port;

  @Option(
      names = "--dataDir",
      paramLabel = "FOLDER",
      description = "folder for the data [a temporary folder]")
  private Path dataDir;

  @Override
  public Integer call() throws Exception {
    List<String> problems = new ArrayList<>();
    PortCheck.check("--port", port, problems);
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    CompletableFuture<Void> ctrlC = new CompletableFuture<>();
    try (StopOnInterrupt interrupt = new StopOnInterrupt(() -> ctrlC.complete(null));
        TemporaryFolder temporary = TemporaryFolder.create();
        LocalBroker broker = LocalBroker.start(folder(temporary), port)) {
      LocalTopics.create(broker.address());
      System.err.printf(
          Locale.ROOT,
          "Kafka broker at %s, topics %s, data in %s%s. Ctrl-C stops it.%n",
          broker.address(),
          String.join(", ", LocalTopics.names()),
          folder(temporary),
          dataDir == null ? " (deleted at exit; --dataDir keeps it)" : "");
      CompletableFuture.anyOf(broker.process().onExit(), ctrlC).join();
      if (!interrupt.interrupted()) {
        broker.requireRunning();
      }
      return SessionizationJob.FAILED;
    }
  }

  private Path folder(TemporaryFolder temporary) {
    return dataDir == null ? temporary.path() : dataDir;
  }
}
