package io.sessionizer.demo;

import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.sessions.SessionPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The number of open sessions that a job must have at a watermark, computed from the generated
 * visits. One thread may write visits while another one counts.
 */
final class ExpectedOpenSessions {
  private final ConcurrentSkipListSet<WrittenVisit> visits = new ConcurrentSkipListSet<>();
  private final SessionPolicy policy;
  private final Duration maxOutOfOrderness;

  private record WrittenVisit(long eventTimeMillis, String visitId)
      implements Comparable<WrittenVisit> {
    private static final Comparator<WrittenVisit> ORDER =
        Comparator.comparingLong(WrittenVisit::eventTimeMillis)
            .thenComparing(WrittenVisit::visitId);

    @Override
    public int compareTo(WrittenVisit other) {
      return ORDER.compare(this, other);
    }
  }

  ExpectedOpenSessions(SessionPolicy policy, Duration maxOutOfOrderness) {
    this.policy = policy;
    this.maxOutOfOrderness = maxOutOfOrderness;
  }

  /** Returns the visits of {@code source}, each recorded when it is returned. */
  Iterator<GeneratedVisit> recording(Iterator<GeneratedVisit> source) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return source.hasNext();
      }

      @Override
      public GeneratedVisit next() {
        GeneratedVisit visit = source.next();
        if (visit.kind() != Category.MALFORMED) {
          String visitId = new String(visit.key(), StandardCharsets.UTF_8);
          visits.add(new WrittenVisit(visit.eventTimeMillis(), visitId));
        }
        return visit;
      }
    };
  }

  /**
   * Returns the number of sessions with a visit that the job has read and that is less than the gap
   * behind the watermark. Evicts earlier visits.
   */
  long count(Instant watermark) {
    WrittenVisit from = new WrittenVisit(policy.earliestOnTime(watermark.toEpochMilli()), "");
    WrittenVisit to = new WrittenVisit(watermark.plus(maxOutOfOrderness).toEpochMilli() + 1, "");
    visits.headSet(from).clear();
    return visits.headSet(to).stream().map(WrittenVisit::visitId).distinct().count();
  }
}
