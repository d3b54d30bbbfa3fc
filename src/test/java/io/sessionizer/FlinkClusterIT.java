package io.sessionizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.KilledTraffic.Victim;
import io.sessionizer.local.Shares;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The job on a real cluster, whose processes are killed. {@link TwentyKills} is the long form. */
class FlinkClusterIT {
  @Test
  void whicheverProcessIsKilledTheSessionsAreThoseOfTheModelAndNoneIsSeenTwice() throws Exception {
    Shares noneLate = new Shares(10, 0, 3, 2);
    KilledTraffic.Outcome outcome =
        kill(1, List.of(Victim.TASK_MANAGER, Victim.JOB_MANAGER), "hashmap", noneLate);
    assertEquals(0, outcome.lateRecords());
  }

  @Test
  void withStateInRocksDbAndLateVisitsTheSessionsAreThoseOfTheAcceptedVisits() throws Exception {
    kill(2, List.of(Victim.BROKER, Victim.ALL), "rocksdb", new Shares(10, 3, 3, 2));
  }

  @Test
  void aJobThatIsStoppedWithASavepointGoesOnWithMoreAndWithFewerSubtasks() throws Exception {
    try (FlinkCluster cluster = FlinkCluster.start();
        KilledTraffic traffic =
            new KilledTraffic(
                cluster,
                new Shares(10, 3, 3, 2),
                2_000,
                "--checkpointingInterval=2000",
                "--parallelism=1")) {
      traffic.rescale(2);
      traffic.rescale(1);
      System.out.println(traffic.finish());
    }
  }

  /** Kills at random moments; the cluster is of two TaskManagers with a slot each. */
  static KilledTraffic.Outcome kill(
      long seed, List<Victim> victims, String stateBackend, Shares shares) throws Exception {
    Random random = new Random(seed);
    try (FlinkCluster cluster = FlinkCluster.start("--stateBackend=" + stateBackend);
        KilledTraffic traffic =
            new KilledTraffic(cluster, shares, 2_000, "--checkpointingInterval=2000")) {
      for (Victim victim : victims) {
        Thread.sleep(random.nextInt(5_000));
        System.out.printf(
            "%s killed: all steps run again after %,d ms%n",
            victim, traffic.kill(victim, 1_000L * (1 + random.nextInt(20))).toMillis());
      }
      KilledTraffic.Outcome outcome = traffic.finish();
      System.out.println(outcome);
      return outcome;
    }
  }
}
