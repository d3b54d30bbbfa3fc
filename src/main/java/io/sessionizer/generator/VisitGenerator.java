package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.generator.VisitorPool.PageView;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Makes up visits: a simulation of visitors on event time. Not for more than one thread.
 *
 * <p>The visits of a seed are the same whatever the {@link TrafficMix}, which only decide what
 * becomes of each. The stream ends with the last of {@link Traffic#visits}: a visit that is still
 * held back then is left out, and a visit that would be is not made late in the first place.
 */
public final class VisitGenerator implements Iterator<GeneratedVisit> {
  private static final Corruption[] FLAWS = Corruption.values();
  private static final int MOST_DELAY_SECONDS = 59;
  private static final int LEAST_LATE_SECONDS = 2 * 60;
  private static final int MOST_SLIGHTLY_LATE_SECONDS = 25 * 60 - 1;
  private static final int LEAST_VERY_LATE_SECONDS = 45 * 60 + 1;
  private static final int MOST_LATE_SECONDS = 3 * 60 * 60;

  private final Traffic traffic;
  private final VisitorPool crowd;
  private final SeededRandom fate;
  private final VisitEncoder encoder = new VisitEncoder();
  private final long expectedEndMillis;

  /** Out-of-order visits and duplicates, which come before a visit that is newer than they may. */
  private final PriorityQueue<Held> delayed = new PriorityQueue<>();

  /** Late visits, which come after a visit that is newer than they by their lateness. */
  private final PriorityQueue<Held> late = new PriorityQueue<>();

  private long newestMillis = Long.MIN_VALUE;
  private long heldSoFar;
  private long brokenSoFar;
  private long left;

  /** Begins the traffic. */
  public VisitGenerator(Traffic traffic) {
    var seeds = new SeededRandom(traffic.seed());
    this.traffic = traffic;
    this.crowd =
        new VisitorPool(
            traffic.visitors(),
            traffic.habits(),
            traffic.startTime(),
            new SeededRandom(seeds.nextLong()));
    this.fate = new SeededRandom(seeds.nextLong());
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
      throw new NoSuchElementException("the traffic has ended");
    }
    left--;
    GeneratedVisit visit = nextInOrderOfEmission();
    if (visit.kind() != Category.BROKEN) {
      newestMillis = Math.max(newestMillis, visit.eventTimeMillis());
    }
    return visit;
  }

  private GeneratedVisit nextInOrderOfEmission() {
    while (true) {
      if (!late.isEmpty() && late.element().dueMillis <= newestMillis) {
        return late.remove().visit;
      }
      if (!delayed.isEmpty() && delayed.element().dueMillis < crowd.nextMillis()) {
        return delayed.remove().visit;
      }
      GeneratedVisit visit = decide(crowd.next());
      if (visit.kind() == Category.ON_TIME || visit.kind() == Category.BROKEN) {
        return visit;
      }
    }
  }

  /** Returns the visit as what becomes of it, held back if it is not to come now. */
  private GeneratedVisit decide(PageView view) {
    Category kind = traffic.shares().at(fate.percent());
    long millis = view.eventTimeMillis();
    byte[] value = encoder.encode(view);
    if (kind == Category.BROKEN) {
      value = FLAWS[(int) (brokenSoFar++ % FLAWS.length)].applyTo(value);
    }
    var visit = new GeneratedVisit(view.visitor().visitId().getBytes(UTF_8), value, kind, millis);
    return switch (kind) {
      case ON_TIME, BROKEN -> visit;
      case OUT_OF_ORDER -> {
        hold(delayed, visit, fate.between(1, MOST_DELAY_SECONDS));
        yield visit;
      }
      case DUPLICATE -> {
        hold(delayed, visit, fate.between(0, MOST_DELAY_SECONDS));
        yield visit.as(Category.ON_TIME);
      }
      case LATE -> {
        int seconds = latenessSeconds(expectedEndMillis - millis);
        if (seconds == 0) {
          yield visit.as(Category.ON_TIME);
        }
        hold(late, visit, seconds);
        yield visit;
      }
    };
  }

  /** Returns a lateness that ends before the traffic does, or 0 if it leaves no time for one. */
  private int latenessSeconds(long millisLeft) {
    int slightly = fate.between(LEAST_LATE_SECONDS, MOST_SLIGHTLY_LATE_SECONDS);
    int very = fate.between(LEAST_VERY_LATE_SECONDS, MOST_LATE_SECONDS);
    if (fate.below(2) == 0 && 1000L * very <= millisLeft) {
      return very;
    }
    return 1000L * slightly <= millisLeft ? slightly : 0;
  }

  private void hold(PriorityQueue<Held> queue, GeneratedVisit visit, int seconds) {
    queue.add(new Held(visit.eventTimeMillis() + 1000L * seconds, heldSoFar++, visit));
  }

  private static long expectedEndMillis(Traffic traffic) {
    double visits = traffic.visits() * (1 - traffic.shares().duplicates() / 100);
    double millis = visits / traffic.visitors() * traffic.habits().meanMillisBetweenVisits();
    return traffic.startTime().toEpochMilli() + (long) Math.min(millis, Long.MAX_VALUE / 2.0);
  }

  /** A record that is held back until its time; of two with the same time the first one first. */
  private record Held(long dueMillis, long number, GeneratedVisit visit)
      implements Comparable<Held> {
    @Override
    public int compareTo(Held other) {
      return dueMillis != other.dueMillis
          ? Long.compare(dueMillis, other.dueMillis)
          : Long.compare(number, other.number);
    }
  }
}
