package io.sessionizer.generator;

import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.generator.VisitorPool.PageView;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Generates visits by simulating visitors on event time. Not thread-safe.
 *
 * <p>A seed gives the same visits whatever the {@link TrafficMix}, which only decides the category
 * of each. The traffic has exactly {@link Traffic#visits} records: visits that are still delayed
 * after the last one are dropped, and no visit is made late that would be dropped.
 */
public final class VisitGenerator implements Iterator<GeneratedVisit> {
  private static final int MOST_DELAY_SECONDS = 59;
  private static final int LEAST_LATE_SECONDS = 2 * 60;
  private static final int MOST_SLIGHTLY_LATE_SECONDS = 25 * 60 - 1;
  private static final int LEAST_VERY_LATE_SECONDS = 45 * 60 + 1;
  private static final int MOST_LATE_SECONDS = 3 * 60 * 60;

  private final Traffic traffic;
  private final VisitorPool pool;
  private final SeededRandom outcomes;
  private final EventEncoder encoder;
  private final long expectedEndMillis;

  /** Out-of-order visits and duplicates, emitted before a visit newer than their delay allows. */
  private final PriorityQueue<Delayed> delayed = new PriorityQueue<>();

  /** Late visits, emitted after a visit that is newer by at least their lateness. */
  private final PriorityQueue<Delayed> late = new PriorityQueue<>();

  private long newestMillis = Long.MIN_VALUE;
  private long delayedSoFar;
  private long malformedSoFar;
  private long left;

  /** Creates a generator of {@code traffic} in the default format. */
  public VisitGenerator(Traffic traffic) {
    this(traffic, VisitEncoder.FORMAT);
  }

  /**
   * Creates a generator of {@code traffic}.
   *
   * @param format the name of the format of its records
   */
  public VisitGenerator(Traffic traffic, String format) {
    this.encoder = EventEncoder.of(format);
    var seeds = new SeededRandom(traffic.seed());
    this.traffic = traffic;
    this.pool =
        new VisitorPool(
            traffic.visitors(),
            traffic.profile(),
            traffic.startTime(),
            new SeededRandom(seeds.nextLong()));
    this.outcomes = new SeededRandom(seeds.nextLong());
    this.left = traffic.visits();
    this.expectedEndMillis = expectedEndMillis(traffic);
  }

  @Override
  public boolean hasNext() {
    return left > 0;
  }

  @Override
  public GeneratedVisit next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no visits left");
    }
    left--;
    GeneratedVisit visit = nextInOrderOfEmission();
    if (visit.kind() != Category.MALFORMED) {
      newestMillis = Math.max(newestMillis, visit.eventTimeMillis());
    }
    return visit;
  }

  private GeneratedVisit nextInOrderOfEmission() {
    while (true) {
      if (!late.isEmpty() && late.element().emitAtMillis <= newestMillis) {
        return late.remove().visit;
      }
      if (!delayed.isEmpty() && delayed.element().emitAtMillis < pool.nextMillis()) {
        return delayed.remove().visit;
      }
      GeneratedVisit visit = decide(pool.next());
      if (visit.kind() == Category.ON_TIME || visit.kind() == Category.MALFORMED) {
        return visit;
      }
    }
  }

  /** Returns the visit in its category, and queues its delayed copy if there is one. */
  private GeneratedVisit decide(PageView view) {
    Category kind = traffic.mix().at(outcomes.percent());
    long millis = view.eventTimeMillis();
    byte[] value = encoder.encode(view);
    if (kind == Category.MALFORMED) {
      value = encoder.corrupted(value, malformedSoFar++);
    }
    var visit = new GeneratedVisit(encoder.key(view), value, kind, millis);
    return switch (kind) {
      case ON_TIME, MALFORMED -> visit;
      case OUT_OF_ORDER -> {
        delay(delayed, visit, outcomes.between(1, MOST_DELAY_SECONDS));
        yield visit;
      }
      case DUPLICATE -> {
        delay(delayed, visit, outcomes.between(0, MOST_DELAY_SECONDS));
        yield visit.as(Category.ON_TIME);
      }
      case LATE -> {
        int seconds = latenessSeconds(expectedEndMillis - millis);
        if (seconds == 0) {
          yield visit.as(Category.ON_TIME);
        }
        delay(late, visit, seconds);
        yield visit;
      }
    };
  }

  /** Returns a lateness within the rest of the traffic, or 0 if the rest is too short. */
  private int latenessSeconds(long millisLeft) {
    int slightly = outcomes.between(LEAST_LATE_SECONDS, MOST_SLIGHTLY_LATE_SECONDS);
    int very = outcomes.between(LEAST_VERY_LATE_SECONDS, MOST_LATE_SECONDS);
    if (outcomes.below(2) == 0 && 1000L * very <= millisLeft) {
      return very;
    }
    return 1000L * slightly <= millisLeft ? slightly : 0;
  }

  private void delay(PriorityQueue<Delayed> queue, GeneratedVisit visit, int seconds) {
    queue.add(new Delayed(visit.eventTimeMillis() + 1000L * seconds, delayedSoFar++, visit));
  }

  private static long expectedEndMillis(Traffic traffic) {
    double visits = traffic.visits() * (1 - traffic.mix().duplicates() / 100);
    double millis = visits / traffic.visitors() * traffic.profile().meanMillisBetweenVisits();
    return traffic.startTime().toEpochMilli() + (long) Math.min(millis, Long.MAX_VALUE / 2.0);
  }

  /** A record that is emitted later, ordered by time and then by number. */
  private record Delayed(long emitAtMillis, long number, GeneratedVisit visit)
      implements Comparable<Delayed> {
    @Override
    public int compareTo(Delayed other) {
      return emitAtMillis != other.emitAtMillis
          ? Long.compare(emitAtMillis, other.emitAtMillis)
          : Long.compare(number, other.number);
    }
  }
}
