package io.sessionizer.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.generator.GeneratedVisit.Category;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisitFeedTest {
  private final Traffic traffic =
      new Traffic(1_000, 10, Instant.EPOCH, 1, new TrafficMix(5, 0, 5, 5));
  private final MemorySink sink = new MemorySink();

  @Test
  void writesInOrderAndFlushes() throws Exception {
    List<GeneratedVisit> expected = new ArrayList<>();
    new VisitGenerator(traffic).forEachRemaining(expected::add);

    new VisitFeed(new VisitGenerator(traffic), sink, RateLimit.UNLIMITED).run(count -> {});

    assertEquals(expected, sink.flushed);
  }

  @Test
  void summaryCountsEachCategory() throws Exception {
    var summary =
        new VisitFeed(new VisitGenerator(traffic), sink, RateLimit.UNLIMITED).run(count -> {});

    assertEquals(1_000, summary.records());
    for (Category kind : Category.values()) {
      assertEquals(
          sink.flushed.stream().filter(visit -> visit.kind() == kind).count(), summary.of(kind));
    }
  }

  @Test
  void stoppedFeedFlushes() throws Exception {
    var feed = new VisitFeed(new VisitGenerator(traffic), sink, RateLimit.UNLIMITED);

    var summary =
        feed.run(
            count -> {
              if (count == 17) {
                feed.stop();
              }
            });

    assertEquals(17, summary.records());
    assertEquals(17, sink.flushed.size());
  }

  @Test
  void failedSinkStopsFeed() {
    sink.room = 5;
    var feed = new VisitFeed(new VisitGenerator(traffic), sink, RateLimit.UNLIMITED);

    var failure = assertThrows(IOException.class, () -> feed.run(count -> {}));

    assertEquals("full", failure.getMessage());
  }

  private static final class MemorySink implements VisitSink {
    private final List<GeneratedVisit> written = new ArrayList<>();
    private List<GeneratedVisit> flushed = List.of();
    private int room = Integer.MAX_VALUE;

    @Override
    public void write(GeneratedVisit visit) throws IOException {
      if (written.size() == room) {
        throw new IOException("full");
      }
      written.add(visit);
    }

    @Override
    public void flush() {
      flushed = List.copyOf(written);
    }

    @Override
    public void close() {}
  }
}
