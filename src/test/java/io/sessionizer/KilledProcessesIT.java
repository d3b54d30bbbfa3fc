package io.sessionizer;

import io.sessionizer.generator.TrafficMix;
import io.sessionizer.testing.FlinkProcesses;
import io.sessionizer.testing.KilledTraffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes are killed twenty times while sessions are open and late visits come: with each state
 * backend eight TaskManagers that run subtasks of the job, and the broker twice. {@link
 * FlinkClusterIT} kills JobManagers, and everything at once.
 */
class KilledProcessesIT {
  private static final int KILLS = 10;

  /** Every so many kills, the broker's. */
  private static final int BROKER = 5;

  /** Each shard's log is then written anew every few seconds. */
  private static final int VISITS_PER_SECOND = 4_000;

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void twentyKillsChangeNoSession(String stateBackend, @TempDir Path folder) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (FlinkProcesses cluster = FlinkProcesses.start(folder, stateBackend);
        KilledTraffic traffic =
            new KilledTraffic(
                cluster,
                new TrafficMix(10, 3, 3, 2),
                VISITS_PER_SECOND,
                "--checkpointingInterval=500",
                cluster.stagesNothing())) {
      for (int kill = 1; kill <= KILLS; kill++) {
        Thread.sleep(random.nextInt(1_000));
        Duration restart =
            kill % BROKER == 0 ? traffic.killBroker(random.nextInt(2_000)) : traffic.kill(cluster);
        System.out.printf("kill %s: all steps run again after %s%n", kill, restart);
      }
      System.out.printf("%s, seed %s: %s%n", stateBackend, seed, traffic.finish());
    }
  }
}
