package io.sessionizer.bench;

import java.util.List;

/**
 * A scenario to measure.
 *
 * @param scenario what is to be done
 * @param contenders who does it, in turn
 * @param weighed those of them whose heap is weighed, in one more run
 */
record Measurement(Scenario scenario, List<Contender> contenders, List<Contender> weighed) {
  private static final double SECONDS_OF_START = 12;
  private static final double SECONDS_OF_STEADY_RUN = 120;

  /**
   * Returns about how long a run takes, its check included, in seconds of a quiet machine with two
   * cores. Of interest is the share of all runs.
   */
  double seconds(Contender contender) {
    if (scenario.workload().isRated()) {
      return SECONDS_OF_STEADY_RUN;
    }
    boolean isOnFiles = scenario.workload().isOnFiles();
    double visitsPerSecond =
        switch (contender.kind()) {
          case FLOOR -> isOnFiles ? 900_000 : 200_000;
          case FILES -> contender == Contender.SPARK_SQL ? 100_000 : 500_000;
          case SESSIONIZER -> contender.onHeap() ? 130_000 : 100_000;
          case FLINK -> contender.onHeap() ? 110_000 : 40_000;
          case STREAMS -> 60_000;
        };
    return SECONDS_OF_START + scenario.visits() / visitsPerSecond;
  }
}
