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
      // The very first visit is at the start time.
      int seconds = number == 0 ? 0 : random.below(FIRST_VISITS_WITHIN_SECONDS);
      slots.add(slot(number, startTime.toEpochMilli(), seconds));
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
      slots.add(slot);
    } else {
      slots.add(slot(slot.number, slot.nextMillis, profile.vacancySeconds(random)));
    }
    return view;
  }

  /** Returns a slot with its next visitor, who comes {@code seconds} later. */
  private PoolSlot slot(int number, long millis, int seconds) {
    var visitor = Visitor.random(random, profile, visitorsSoFar++, startTime);
    return new PoolSlot(number, visitor, millis + 1000L * seconds);
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

  /** A slot of the pool and the visitor who is in it, ordered by the time of its next page view. */
  private static final class PoolSlot implements Comparable<PoolSlot> {
    private final int number;
    private final Visitor visitor;
    private int pagesLeft;
    private long nextMillis;

    private PoolSlot(int number, Visitor visitor, long nextMillis) {
      this.number = number;
      this.visitor = visitor;
      this.pagesLeft = visitor.pages();
      this.nextMillis = nextMillis;
    }

    @Override
    public int compareTo(PoolSlot other) {
      return nextMillis != other.nextMillis
          ? Long.compare(nextMillis, other.nextMillis)
          : Integer.compare(number, other.number);
    }
  }
}
