package io.sessionizer.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.FlinkClusterIT;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.testing.KilledTraffic.Victim;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Kills processes of a cluster twenty times, ten for each state backend. Takes a quarter of an
 * hour, and so is no part of {@code mvn verify}: {@code runners/flink/kill-test.sh} runs it.
 */
public class TwentyKills {
  private static final int KILLS = 10;
  private static final int SECONDS_AWAY = 20;
  private static final List<Victim> VICTIMS = List.of(Victim.values());

  @ParameterizedTest
  @CsvSource({"hashmap, 0", "rocksdb, 3"})
  public void twentyKillsChangeNoSession(String stateBackend, int percentLate) throws Exception {
    Random random = new Random();
    long seed = random.nextLong();
    System.out.printf("%s, %d %% late, seed %d%n", stateBackend, percentLate, seed);
    List<Victim> victims =
        Stream.generate(() -> VICTIMS.get(random.nextInt(VICTIMS.size()))).limit(KILLS).toList();
    KilledTraffic.KillOutcome outcome =
        FlinkClusterIT.kill(
            seed, SECONDS_AWAY, victims, stateBackend, new TrafficMix(10, percentLate, 3, 2));
    if (percentLate == 0) {
      assertEquals(0, outcome.lateRecords());
    }
  }
}
