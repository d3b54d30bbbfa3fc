package io.sessionizer.watch;

import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;

/** The durations of sessions, their numbers of pages, and the hours of the day of page views. */
final class Distributions {
  private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  private final ZoneId zone;
  private final Histogram durations =
      new Histogram()
          .upTo(0, "0 (1 visit)")
          .upTo(MINUTE, "to 1 min")
          .upTo(5 * MINUTE, "to 5 min")
          .upTo(10 * MINUTE, "to 10 min")
          .upTo(20 * MINUTE, "to 20 min")
          .upTo(30 * MINUTE, "to 30 min")
          .upTo(45 * MINUTE, "to 45 min")
          .upTo(HOUR, "to 1 h")
          .upTo(90 * MINUTE, "to 1½ h")
          .upTo(2 * HOUR, "to 2 h")
          .upTo(6 * HOUR, "to 6 h")
          .upTo(Long.MAX_VALUE, "over 6 h");
  private final Histogram pages =
      new Histogram()
          .upTo(1, "1")
          .upTo(2, "2")
          .upTo(3, "3")
          .upTo(4, "4")
          .upTo(5, "5")
          .upTo(7, "6–7")
          .upTo(10, "8–10")
          .upTo(15, "11–15")
          .upTo(20, "16–20")
          .upTo(50, "21–50")
          .upTo(100, "51–100")
          .upTo(Long.MAX_VALUE, "over 100");
  private final long[] pagesByHour = new long[24];
  private long sessions;

  /** Counts hours in {@code zone}. */
  Distributions(ZoneId zone) {
    this.zone = zone;
  }

  void add(SessionRevision session) {
    sessions++;
    durations.add(session.endMillis() - session.startMillis());
    pages.add(session.times().length);
    for (long time : session.times()) {
      pagesByHour[Instant.ofEpochMilli(time).atZone(zone).getHour()]++;
    }
  }

  public long getSessions() {
    return sessions;
  }

  public Histogram getDurations() {
    return durations;
  }

  public Histogram getPages() {
    return pages;
  }

  public long[] getPagesByHour() {
    return pagesByHour.clone();
  }
}
