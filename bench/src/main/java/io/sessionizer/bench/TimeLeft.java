package io.sessionizer.bench;

import java.time.Duration;
import java.util.List;

/** An estimate of the time that the remaining runs take. */
final class TimeLeft {
  private final long startNanos = System.nanoTime();
  private final double secondsOfAll;
  private double secondsOfDone;

  /**
   * Starts the clock.
   *
   * @param repeats runs of each contender in each measurement
   */
  TimeLeft(List<Measurement> measurements, int repeats) {
    double all = 0;
    for (Measurement measurement : measurements) {
      all += repeats * seconds(measurement, measurement.contenders());
      all += seconds(measurement, measurement.weighed());
    }
    this.secondsOfAll = all;
  }

  private static double seconds(Measurement measurement, List<Contender> contenders) {
    return contenders.stream().mapToDouble(measurement::seconds).sum();
  }

  /** Counts a run as done, or as one that is left out. */
  void count(Measurement measurement, Contender contender) {
    secondsOfDone += measurement.seconds(contender);
  }

  /** Returns how long the other runs take, if this machine stays as fast as it was. */
  Duration estimate() {
    double elapsed = (System.nanoTime() - startNanos) / 1e9;
    return Duration.ofSeconds(
        Math.round(elapsed * (secondsOfAll - secondsOfDone) / Math.max(1, secondsOfDone)));
  }
}
