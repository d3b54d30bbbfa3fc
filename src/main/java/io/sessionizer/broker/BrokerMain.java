package io.sessionizer.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * The main class of the broker's own process. It ends with its parent: when standard input, which
 * the parent holds, is closed.
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
    Thread watch = new Thread(BrokerMain::exitWithParent, "exit-with-parent");
    watch.setDaemon(true);
    watch.start();
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
        // Nothing is ever sent; the read returns when the parent is gone.
      }
    } catch (IOException e) {
      System.err.println("standard input is gone: " + e.getMessage());
    }
    System.exit(0);
  }
}
