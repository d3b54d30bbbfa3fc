package io.sessionizer;

import io.sessionizer.KilledTraffic.Victim;
import io.sessionizer.local.Pace;
import io.sessionizer.local.Shares;
import io.sessionizer.local.Traffic;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The job on a real cluster, whose processes are killed. */
class FlinkClusterIT {
  private static final Traffic TRAFFIC =
      new Traffic(60_000, 500, Instant.parse("2024-01-01T00:00:00Z"), 7, new Shares(10, 0, 3, 2));

  @Test
  void whateverProcessIsKilledTheSessionsAreThoseOfTheModel() throws Exception {
    killEach("hashmap", List.of(Victim.TASK_MANAGER, Victim.JOB_MANAGER));
  }

  @Test
  void withStateInRocksDbTheyAreToo() throws Exception {
    killEach("rocksdb", List.of(Victim.BROKER, Victim.ALL));
  }

  private static void killEach(String stateBackend, List<Victim> victims) throws Exception {
    Random random = new Random(1);
    try (FlinkCluster cluster = FlinkCluster.start("--stateBackend=" + stateBackend);
        KilledTraffic traffic =
            new KilledTraffic(cluster, TRAFFIC, new Pace(2_000), "--checkpointingInterval=2000")) {
      for (Victim victim : victims) {
        Thread.sleep(random.nextInt(4_000));
        System.out.println(victim + ": all steps run again after " + traffic.kill(victim, 5_000));
      }
      System.out.println(traffic.finish());
    }
  }
}
