package io.sessionizer.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * The main class of the broker's process, which exits with its parent: when the parent's end of
 * standard input is closed.
 */
final class BrokerMain {
  private BrokerMain() {}

  /**
   * Formats the data folder if it is new, and runs a broker.
   *
   * @param args the path of {@code server.properties}, and the data folder
   */
  public static void main(String[] args) throws IOException {
    String properties = args[0];
    Thread parentWatch = new Thread(BrokerMain::exitWithParent, "exit-with-parent");
    parentWatch.setDaemon(true);
    parentWatch.start();
    if (!Files.exists(Path.of(args[1], "meta.properties"))) {
      String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", properties};
      if (StorageTool.execute(format, System.out) != 0) {
        System.exit(1);
      }
    }
    Kafka.main(new String[] {properties});
  }

  private static void exitWithParent() {
    try {
      while (System.in.read() >= 0) {
        // The parent writes nothing; the read returns when it exits.
      }
    } catch (IOException e) {
      System.err.println("cannot read standard input: " + e.getMessage());
    }
    System.exit(0);
  }
}
