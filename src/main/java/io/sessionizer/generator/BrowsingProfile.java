package io.sessionizer.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * A browsing profile: the number of pages that visitors view, and the time between pages.
 *
 * @param fewestPages the fewest pages that a visitor views
 * @param mostPages the most pages that a visitor views
 * @param leastStepSeconds the shortest time from one page to the next
 * @param mostStepSeconds the longest time from one page to the next, except for pauses
 * @param pausesPercent percentage of steps that are pauses, of 17 to 40 minutes
 */
public record BrowsingProfile(
    int fewestPages,
    int mostPages,
    int leastStepSeconds,
    int mostStepSeconds,
    double pausesPercent) {
  /** The profile of the upstream generator's visitors. */
  public static final BrowsingProfile USUAL = new BrowsingProfile(5, 20, 60, 300, 3);

  private static final int LEAST_PAUSE_SECONDS = 17 * 60;
  private static final int MOST_PAUSE_SECONDS = 40 * 60;
  private static final int LEAST_VACANCY_SECONDS = 5;
  private static final int MOST_VACANCY_SECONDS = 60;
  private static final int MEAN_ROUNDING_MILLIS = 10_000;

  /**
   * Checks the profile.
   *
   * @throws IllegalArgumentException with one line per invalid value
   */
  public BrowsingProfile {
    List<String> problems = new ArrayList<>();
    if (fewestPages < 1 || mostPages < fewestPages) {
      problems.add("pages must be from 1 up, but are %s to %s".formatted(fewestPages, mostPages));
    }
    if (leastStepSeconds < 0 || mostStepSeconds < leastStepSeconds) {
      problems.add(
          "steps must be from 0 s up, but are %s to %s"
              .formatted(leastStepSeconds, mostStepSeconds));
    }
    if (!(pausesPercent >= 0 && pausesPercent <= 100)) {
      problems.add("pauses must be from 0 to 100 percent, but are " + pausesPercent);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  /** Returns the number of pages that a visitor views. */
  int pages(SeededRandom random) {
    return random.between(fewestPages, mostPages);
  }

  /** Returns the seconds from one page to the next. */
  int stepSeconds(SeededRandom random) {
    return random.percent() < pausesPercent
        ? random.between(LEAST_PAUSE_SECONDS, MOST_PAUSE_SECONDS)
        : random.between(leastStepSeconds, mostStepSeconds);
  }

  /** Returns the seconds from a visitor's last page to the first one of the next visitor. */
  int vacancySeconds(SeededRandom random) {
    return random.between(LEAST_VACANCY_SECONDS, MOST_VACANCY_SECONDS);
  }

  /** Returns the mean time from one visit of a slot to the next, in milliseconds. */
  double meanMillisBetweenVisits() {
    double pauses = pausesPercent / 100;
    double step =
        pauses * mean(LEAST_PAUSE_SECONDS, MOST_PAUSE_SECONDS)
            + (1 - pauses) * mean(leastStepSeconds, mostStepSeconds);
    double pages = mean(fewestPages, mostPages);
    double vacancy = mean(LEAST_VACANCY_SECONDS, MOST_VACANCY_SECONDS);
    double millis = 1000 * ((pages - 1) * step + vacancy) / pages;
    return MEAN_ROUNDING_MILLIS * (double) Math.round(millis / MEAN_ROUNDING_MILLIS);
  }

  private static double mean(int least, int most) {
    return (least + most) / 2.0;
  }
}
