package io.sessionizer.generator;

import io.sessionizer.generator.GeneratedVisit.Category;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Writes generated visits to a sink at a limited rate, until the last one or {@link #stop}. */
public final class VisitFeed {
  private static final long MAX_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Iterator<GeneratedVisit> visits;
  private final VisitSink sink;
  private final RateLimit limit;
  private volatile boolean stopped;

  /** Creates a feed; the caller closes the sink. */
  public VisitFeed(Iterator<GeneratedVisit> visits, VisitSink sink, RateLimit limit) {
    this.visits = visits;
    this.sink = sink;
    this.limit = limit;
  }

  /**
   * Writes until the last visit or {@link #stop}, then flushes.
   *
   * @param progress receives the number of records so far, after each
   * @throws IOException if a record cannot be written
   * @throws InterruptedException if interrupted while it waits for the rate limit
   */
  public FeedSummary run(LongConsumer progress) throws IOException, InterruptedException {
    Map<Category, Long> written = new EnumMap<>(Category.class);
    long start = System.nanoTime();
    for (long count = 0; visits.hasNext() && mayWriteNext(count, start); ) {
      GeneratedVisit visit = visits.next();
      sink.write(visit);
      written.merge(visit.kind(), 1L, Long::sum);
      progress.accept(++count);
    }
    sink.flush();
    return new FeedSummary(written, Duration.ofNanos(System.nanoTime() - start));
  }

  /** Stops {@link #run} soon; may be called from any thread. */
  public void stop() {
    stopped = true;
  }

  /** Waits for the rate limit; returns false if stopped. */
  private boolean mayWriteNext(long count, long start) throws InterruptedException {
    while (!stopped) {
      long nanos = limit.nanosUntilNext(count, System.nanoTime() - start);
      if (nanos <= 0) {
        return true;
      }
      TimeUnit.NANOSECONDS.sleep(Math.min(nanos, MAX_SLEEP_NANOS));
    }
    return false;
  }

  /**
   * A summary of the records written.
   *
   * @param written number of records of each category
   * @param elapsed wall time from the first record to the end of the last flush
   */
  public record FeedSummary(Map<Category, Long> written, Duration elapsed) {
    /** Copies the numbers. */
    public FeedSummary {
      written = Map.copyOf(written);
    }

    /** Returns the number of records of a category. */
    public long of(Category category) {
      return written.getOrDefault(category, 0L);
    }

    /** Returns the number of records of all categories. */
    public long records() {
      return written.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the number of records per second of wall time. */
    public double recordsPerSecond() {
      return records() / Math.max(elapsed.toNanos() / 1e9, 1e-9);
    }
  }
}
