package io.sessionizer.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The gaps between the visits of one visit id, as a histogram.
 *
 * <p>Where the gaps bend: visits of one session follow each other within minutes, those of the next
 * session after hours. On a logarithmic scale these are two hills, and the valley between them is
 * where a session gap separates best. For example, with gaps of 1 to 8 minutes and of 5 to 20 hours
 * the valley is at about 1.5 hours.
 */
final class Gaps {
  /** Below this number of gaps it is not known where they bend. */
  static final int ENOUGH = 200;

  private static final long SECOND = TimeUnit.SECONDS.toMillis(1);
  private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private static final long[] LIMITS = {
    MINUTE, 4 * MINUTE, 16 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR, Long.MAX_VALUE
  };

  /** Session gaps that people choose, in minutes. */
  private static final long[] ROUND = {
    2, 3, 5, 8, 10, 12, 16, 20, 25, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720
  };

  /** How many bins there are for each doubling. */
  private static final int BINS = 4;

  private static final int DOUBLINGS = 24;
  private static final int SMOOTHED = 2;

  private final long[] counts = new long[LIMITS.length];

  /** From 1 s on. */
  private final long[] fine = new long[BINS * DOUBLINGS];

  private long count;

  void add(long millis) {
    count++;
    int at = 0;
    while (millis >= LIMITS[at]) {
      at++;
    }
    counts[at]++;
    if (millis >= SECOND) {
      fine[Math.min(fine.length - 1, bin(millis))]++;
    }
  }

  private static int bin(long millis) {
    return (int) (BINS * Math.log((double) millis / SECOND) / Math.log(2));
  }

  long count() {
    return count;
  }

  /** A class of the histogram, of gaps of at least {@code from} and less than {@code to}. */
  record GapClass(long from, long to, long count) {
    /** Returns the class for people. */
    String title() {
      return to == Long.MAX_VALUE ? "longer" : "under " + NumberText.duration(to);
    }
  }

  /** Returns the classes, the shortest gaps first, up to the longest gap. */
  List<GapClass> bars() {
    List<GapClass> bars = new ArrayList<>();
    int last = LIMITS.length - 1;
    while (last > 0 && counts[last] == 0) {
      last--;
    }
    for (int i = 0; i <= last; i++) {
      bars.add(new GapClass(i == 0 ? 0 : LIMITS[i - 1], LIMITS[i], counts[i]));
    }
    return bars;
  }

  /** Returns how many gaps are as long as this, or longer. */
  long from(long millis) {
    long gaps = 0;
    for (int i = bin(Math.max(SECOND, millis)); i < fine.length; i++) {
      gaps += fine[i];
    }
    return gaps;
  }

  /** Returns the gap where they bend, in milliseconds; empty if they do not, or are too few. */
  OptionalLong bend() {
    if (count < ENOUGH) {
      return OptionalLong.empty();
    }
    double[] smooth = smooth();
    int first = bin(2 * MINUTE);
    int last = bin(12 * HOUR);
    int best = -1;
    double bestDepth = 0;
    for (int bin = first; bin <= last; bin++) {
      double hill = Math.min(max(smooth, 0, bin), max(smooth, bin + 1, smooth.length));
      boolean isValley = hill >= 3 * smooth[bin] && smallerSide(bin) >= count / 20;
      if (isValley && hill - smooth[bin] > bestDepth * (1 + 1e-9)) {
        best = bin;
        bestDepth = hill - smooth[bin];
      }
    }
    return best < 0 ? OptionalLong.empty() : OptionalLong.of(round(middle(smooth, best, last)));
  }

  private double[] smooth() {
    double[] smooth = new double[fine.length];
    for (int bin = 0; bin < fine.length; bin++) {
      double sum = 0;
      double weights = 0;
      for (int by = -SMOOTHED; by <= SMOOTHED; by++) {
        if (bin + by >= 0 && bin + by < fine.length) {
          double weight = SMOOTHED + 1.0 - Math.abs(by);
          sum += weight * fine[bin + by];
          weights += weight;
        }
      }
      smooth[bin] = sum / weights;
    }
    return smooth;
  }

  private static double max(double[] values, int from, int to) {
    double max = 0;
    for (int i = from; i < to; i++) {
      max = Math.max(max, values[i]);
    }
    return max;
  }

  private long smallerSide(int bin) {
    long above = 0;
    for (int i = bin; i < fine.length; i++) {
      above += fine[i];
    }
    return Math.min(above, count - above);
  }

  /** Returns the middle of a valley, in milliseconds: of the bins that are as low as its first. */
  private static double middle(double[] smooth, int first, int last) {
    int end = first;
    while (end < last && smooth[end + 1] <= smooth[first] * 1.05) {
      end++;
    }
    return SECOND * Math.pow(2, (first + end + 1) / (2.0 * BINS));
  }

  private static long round(double millis) {
    long best = ROUND[0];
    for (long minutes : ROUND) {
      if (Math.abs(Math.log(minutes * MINUTE / millis))
          < Math.abs(Math.log(best * MINUTE / millis))) {
        best = minutes;
      }
    }
    return best * MINUTE;
  }
}
