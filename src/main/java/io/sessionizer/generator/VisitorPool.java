package io.sessionizer.generator;

import java.time.Instant;
import java.util.PriorityQueue;

/**
 * The visitors that are on the site, and what they look at, in the order of event time. A visitor
 * who leaves makes room for a new one, who comes a moment later: event time never goes back.
 */
final class VisitorPool {
  private static final int SPREAD_OF_ARRIVALS_SECONDS = 300;
  private static final int CATEGORIES = 20;
  private static final int ARTICLES = 100;

  private final SeededRandom dice;
  private final BrowsingProfile habits;
  private final Instant startTime;
  private final PriorityQueue<PoolSlot> places = new PriorityQueue<>();
  private long visitorsSoFar;

  VisitorPool(int visitors, BrowsingProfile habits, Instant startTime, SeededRandom dice) {
    this.dice = dice;
    this.habits = habits;
    this.startTime = startTime;
    for (int number = 0; number < visitors; number++) {
      var place = new PoolSlot(number);
      place.nextMillis = startTime.toEpochMilli();
      // The very first visit is at the start time.
      letIn(place, number == 0 ? 0 : dice.below(SPREAD_OF_ARRIVALS_SECONDS));
      places.add(place);
    }
  }

  /** Returns the event time of the next visit, in milliseconds since 1970. */
  long nextMillis() {
    return places.element().nextMillis;
  }

  /** Returns the next visit. */
  PageView next() {
    PoolSlot place = places.remove();
    var view = new PageView(place.visitor, place.nextMillis, page());
    if (--place.pagesLeft > 0) {
      place.nextMillis += 1000L * habits.stepSeconds(dice);
    } else {
      letIn(place, habits.vacancySeconds(dice));
    }
    places.add(place);
    return view;
  }

  private void letIn(PoolSlot place, int seconds) {
    place.visitor = Visitor.random(dice, habits, visitorsSoFar++, startTime);
    place.pagesLeft = place.visitor.pages();
    place.nextMillis += 1000L * seconds;
  }

  private String page() {
    return switch (dice.below(10)) {
      case 0, 1, 2, 3, 4, 5 -> dice.oneOf("index", "home", "main", "contact");
      case 6, 7 -> "category_" + dice.between(1, CATEGORIES);
      default -> "article_" + dice.between(1, ARTICLES);
    };
  }

  /**
   * A visit before it is written down.
   *
   * @param visitor who looks
   * @param eventTimeMillis when, in milliseconds since 1970
   * @param page at what
   */
  record PageView(Visitor visitor, long eventTimeMillis, String page) {}

  /** Room for one visitor after the other; ordered by when the visitor looks at the next page. */
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
