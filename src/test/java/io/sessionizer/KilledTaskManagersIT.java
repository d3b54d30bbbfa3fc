package io.sessionizer;

import io.sessionizer.generator.TrafficMix;
import io.sessionizer.testing.KilledTraffic;
import io.sessionizer.testing.MiniFlinkCluster;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job loses a TaskManager twenty times, ten with each state backend, while sessions are open and
 * late visits come. It restarts within seconds, as the TaskManagers are threads of this process;
 * {@link FlinkClusterIT} kills processes.
 */
class KilledTaskManagersIT {
  private static final int KILLS = 10;

  /** Each shard's log is then written anew every few seconds. */
  private static final int VISITS_PER_SECOND = 4_000;

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void killsChangeNoSession(String stateBackend, @TempDir Path folder) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (MiniFlinkCluster cluster = MiniFlinkCluster.start(folder, stateBackend);
        KilledTraffic traffic =
            new KilledTraffic(
                cluster,
                new TrafficMix(10, 3, 3, 2),
                VISITS_PER_SECOND,
                "--checkpointingInterval=500",
                cluster.stagesNothing())) {
      for (int kill = 0; kill < KILLS; kill++) {
        Thread.sleep(random.nextInt(1_000));
        traffic.kill(cluster);
      }
      System.out.printf("%s, seed %s: %s%n", stateBackend, seed, traffic.finish());
    }
  }
}
