package io.sessionizer.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.formats.KnownFormats;
import io.sessionizer.generator.GeneratedVisit;
import io.sessionizer.visits.VisitJson;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

class SegmentEventsTest {
  @Test
  void areTheVisitsInAnotherShape() throws Exception {
    VisitParser parser =
        new VisitParser(
            KnownFormats.format("segment"), 1 << 20, Duration.ofHours(1), Clock.systemUTC());
    Iterator<GeneratedVisit> visits = Workload.CATCH_UP.visits(1_000, 1);
    long bytes = 0;
    long eventBytes = 0;
    while (visits.hasNext()) {
      byte[] visit = visits.next().value();
      byte[] event = Workload.MAPPED.written(visit);
      assertEquals(VisitJson.parse(visit), parser.parse(event));
      bytes += visit.length;
      eventBytes += event.length;
    }
    assertEquals(1.0, (double) eventBytes / bytes, 0.05);
  }
}
