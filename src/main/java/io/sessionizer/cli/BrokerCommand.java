package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.LocalTopics;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.config.BadFlagsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a broker until it is ended. */
@Command(
    name = "broker",
    description = {
      "Runs a single Kafka broker on this machine, for trying things out, until Ctrl-C.",
      "On the first start it creates the topics visits, sessions, late-visits and dead-letters,"
          + " with two partitions each."
    })
final class BrokerCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "where to listen, on 127.0.0.1 only; 0 for any free port [${DEFAULT-VALUE}]")
  private int port;

  @Option(
      names = "--dataDir",
      paramLabel = "FOLDER",
      description = "where to keep the data [a temporary folder, deleted at the end]")
  private Path dataDir;

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > 65_535) {
      throw new BadFlagsException(List.of("--port=" + port + ": must be from 0 to 65535"));
    }
    CompletableFuture<Void> ctrlC = new CompletableFuture<>();
    try (StopOnInterrupt interrupt = new StopOnInterrupt(() -> ctrlC.complete(null));
        TemporaryFolder temporary = TemporaryFolder.create();
        LocalBroker broker = LocalBroker.start(folder(temporary), port)) {
      LocalTopics.create(broker.address());
      System.err.printf(
          Locale.ROOT,
          "Kafka broker at %s, topics %s, data in %s%s. Ctrl-C ends it.%n",
          broker.address(),
          String.join(", ", LocalTopics.NAMES),
          folder(temporary),
          dataDir == null ? " (deleted at the end; --dataDir keeps it)" : "");
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
