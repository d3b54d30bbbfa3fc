package io.sessionizer.demo;

import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.GeneratedVisit.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * How many sessions a job must have open at a watermark, known from the visits it is given. Visits
 * pass through it on their way; one thread may write and another one ask.
 */
final class OpenSessions {
  private final ConcurrentSkipListSet<Seen> visits = new ConcurrentSkipListSet<>();
  private final Duration gap;
  private final Duration maxOutOfOrderness;

  private record Seen(long eventTimeMillis, String visitId) implements Comparable<Seen> {
    private static final Comparator<Seen> ORDER =
        Comparator.comparingLong(Seen::eventTimeMillis).thenComparing(Seen::visitId);

    @Override
    public int compareTo(Seen other) {
      return ORDER.compare(this, other);
    }
  }

  OpenSessions(Duration gap, Duration maxOutOfOrderness) {
    this.gap = gap;
    this.maxOutOfOrderness = maxOutOfOrderness;
  }

  /** Passes visits on, and remembers them. */
  Iterator<GeneratedVisit> watch(Iterator<GeneratedVisit> source) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return source.hasNext();
      }

      @Override
      public GeneratedVisit next() {
        GeneratedVisit visit = source.next();
        if (visit.kind() != Kind.BROKEN) {
          String visitId = new String(visit.key(), StandardCharsets.UTF_8);
          visits.add(new Seen(visit.eventTimeMillis(), visitId));
        }
        return visit;
      }
    };
  }

  /**
   * Returns the number of sessions with a visit that the job has read and that is less than the gap
   * behind the watermark. Forgets what lies further back.
   */
  long count(Instant watermark) {
    Seen from = new Seen(watermark.minus(gap).toEpochMilli() + 1, "");
    Seen to = new Seen(watermark.plus(maxOutOfOrderness).toEpochMilli() + 1, "");
    visits.headSet(from).clear();
    return visits.headSet(to).stream().map(Seen::visitId).distinct().count();
  }
}
