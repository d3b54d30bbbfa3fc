package io.sessionizer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.GeneratedVisit.Category;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Usual visits, and between them those of one visit id that never pauses, as of a robot: 30 of 100
 * visits. Some of its visits may be late.
 */
final class HotVisits implements Iterator<GeneratedVisit> {
  /** The visit id. */
  static final String VISIT_ID = "140000000000000_hot";

  private static final String USER_ID = "140000000000000_robot";
  private static final int PERCENT = 30;
  private static final Pattern VISIT_OF_ANYBODY =
      Pattern.compile("\\{\"visit_id\":\"[^\"]*\"(,.*?,\"user_id\":)\"[^\"]*\"");

  /** More than the order that a job waits for, and less than it accepts. */
  private static final int LEAST_LATE_SECONDS = 2 * 60;

  private static final int MOST_LATE_SECONDS = 25 * 60;

  private final Iterator<GeneratedVisit> others;
  private final long visits;
  private final int latePercent;
  private final Random random;
  private final Queue<GeneratedVisit> next = new ArrayDeque<>();
  private final PriorityQueue<Late> late = new PriorityQueue<>();
  private long newestMillis = Long.MIN_VALUE;
  private long othersSoFar;
  private long hotSoFar;
  private long emitted;

  /** A visit that is emitted when there is one that is as new as this. */
  private record Late(long emitAtMillis, long number, GeneratedVisit visit)
      implements Comparable<Late> {
    @Override
    public int compareTo(Late other) {
      return emitAtMillis != other.emitAtMillis
          ? Long.compare(emitAtMillis, other.emitAtMillis)
          : Long.compare(number, other.number);
    }
  }

  /**
   * Creates the visits.
   *
   * @param others the usual ones: {@link #others} of them
   * @param visits how many there are in all
   * @param latePercent of those of the visit id
   */
  HotVisits(Iterator<GeneratedVisit> others, long visits, int latePercent, long seed) {
    this.others = others;
    this.visits = visits;
    this.latePercent = latePercent;
    this.random = new Random(seed);
  }

  /** Returns how many of {@code visits} are usual ones. */
  static long others(long visits) {
    return visits - visits * PERCENT / 100;
  }

  @Override
  public boolean hasNext() {
    return emitted < visits;
  }

  @Override
  public GeneratedVisit next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no visits left");
    }
    while (next.isEmpty()) {
      addNext();
    }
    emitted++;
    return next.remove();
  }

  private void addNext() {
    if (!late.isEmpty() && (late.element().emitAtMillis() <= newestMillis || !others.hasNext())) {
      next.add(late.remove().visit());
      return;
    }
    GeneratedVisit other = others.next();
    next.add(other);
    othersSoFar++;
    newestMillis = Math.max(newestMillis, other.eventTimeMillis());
    long all = others.hasNext() ? othersSoFar * 100 / (100 - PERCENT) : visits;
    while (othersSoFar + hotSoFar < all) {
      addHot(other);
    }
  }

  /** Adds a visit of the visit id at the time of another one. */
  private void addHot(GeneratedVisit other) {
    hotSoFar++;
    Matcher json = VISIT_OF_ANYBODY.matcher(new String(other.value(), UTF_8));
    byte[] value =
        json.replaceFirst("{\"visit_id\":\"" + VISIT_ID + "\"$1\"" + USER_ID + '"').getBytes(UTF_8);
    boolean isLate = random.nextInt(100) < latePercent;
    GeneratedVisit visit =
        new GeneratedVisit(
            VISIT_ID.getBytes(UTF_8),
            value,
            isLate ? Category.LATE : other.kind(),
            other.eventTimeMillis());
    if (isLate) {
      int seconds = LEAST_LATE_SECONDS + random.nextInt(MOST_LATE_SECONDS - LEAST_LATE_SECONDS);
      late.add(new Late(other.eventTimeMillis() + 1000L * seconds, hotSoFar, visit));
    } else {
      next.add(visit);
    }
  }
}
