package io.sessionizer.generator;

import java.time.Instant;
import java.util.PriorityQueue;

/**
 * The pool of visitors on the site, which emits their page views in the order of event time. A
 * visitor who leaves is replaced after 5 to 60 s.
 */
final class VisitorPool {
  private static final int FIRST_VISITS_WITHIN_SECONDS = 300;
  private static final int CATEGORIES = 20;
  private static final int ARTICLES = 100;

  private final SeededRandom random;
  private final BrowsingProfile profile;
  private final Instant startTime;
  private final PriorityQueue<PoolSlot> slots = new PriorityQueue<>();
  private long visitorsSoFar;

  VisitorPool(int visitors, BrowsingProfile profile, Instant startTime, SeededRandom random) {
    this.random = random;
    this.profile = profile;
    this.startTime = startTime;
    for (int number = 0; number < visitors; number++) {
      var slot = new PoolSlot(number);
      slot.nextMillis = startTime.toEpochMilli();
      // The very first visit is at the start time.
      seat(slot, number == 0 ? 0 : random.below(FIRST_VISITS_WITHIN_SECONDS));
      slots.add(slot);
    }
  }

  /** Returns the event time of the next visit, in milliseconds since 1970. */
  long nextMillis() {
    return slots.element().nextMillis;
  }

  /** Returns the next visit. */
  PageView next() {
    PoolSlot slot = slots.remove();
    var view = new PageView(slot.visitor, slot.nextMillis, page());
    if (--slot.pagesLeft > 0) {
      slot.nextMillis += 1000L * profile.stepSeconds(random);
    } else {
      seat(slot, profile.vacancySeconds(random));
    }
    slots.add(slot);
    return view;
  }

  private void seat(PoolSlot slot, int seconds) {
    slot.visitor = Visitor.random(random, profile, visitorsSoFar++, startTime);
    slot.pagesLeft = slot.visitor.pages();
    slot.nextMillis += 1000L * seconds;
  }

  private String page() {
    return switch (random.below(10)) {
      case 0, 1, 2, 3, 4, 5 -> random.oneOf("index", "home", "main", "contact");
      case 6, 7 -> "category_" + random.between(1, CATEGORIES);
      default -> "article_" + random.between(1, ARTICLES);
    };
  }

  /**
   * A visit before it is encoded.
   *
   * @param visitor the visitor
   * @param eventTimeMillis the event time, in milliseconds since 1970
   * @param page the page viewed
   */
  record PageView(Visitor visitor, long eventTimeMillis, String page) {}

  /** A slot of the pool, for one visitor at a time, ordered by the time of its next page view. */
  private static final class PoolSlot implements Comparable<PoolSlot> {
    private final int number;
    private Visitor visitor;
    private int pagesLeft;
    private long nextMillis;

    private PoolSlot(int number) {
      this.number = number;
    }

    @Override
    public int compareTo(PoolSlot other) {
      return nextMillis != other.nextMillis
          ? Long.compare(nextMillis, other.nextMillis)
          : Integer.compare(number, other.number);
    }
  }
}
