package io.sessionizer.bench;

import io.sessionizer.config.Durations;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** An estimate of the time that the remaining runs take. */
final class TimeLeft {
  private double secondsOfAll;
  private double secondsOfDone;
  private double elapsedSeconds;

  /**
   * Estimates all runs.
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

  /** Counts a run as done. */
  void count(Measurement measurement, Contender contender, Duration elapsed) {
    secondsOfDone += measurement.seconds(contender);
    elapsedSeconds += elapsed.toMillis() / 1e3;
  }

  /** Leaves a run out. */
  void skip(Measurement measurement, Contender contender) {
    secondsOfAll -= measurement.seconds(contender);
  }

  /** Returns the estimate, formatted, in minutes. */
  String formatted() {
    return Durations.format(estimate().truncatedTo(ChronoUnit.MINUTES).plusMinutes(1));
  }

  /** Returns how long the other runs take, if this machine stays as fast as it was. */
  Duration estimate() {
    return Duration.ofSeconds(
        Math.round(elapsedSeconds * (secondsOfAll - secondsOfDone) / Math.max(1, secondsOfDone)));
  }
}
