package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.formats.KnownFormats;
import io.sessionizer.generator.GeneratedVisit.Category;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated records of a format are read by a job in that format. */
class GeneratedFormatsTest {
  private static final Traffic TRAFFIC =
      new Traffic(1000, 20, Instant.parse("2024-01-01T00:00:00Z"), 1, new TrafficMix(5, 5, 5, 5));

  static List<String> names() {
    return KnownFormats.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void recordsAreVisitsOfTheirFormat(String name) {
    VisitParser parser =
        new ParserSettings(KnownFormats.format(name), 1 << 20, Duration.ZERO, null).parser();
    VisitGenerator formatted = new VisitGenerator(TRAFFIC, name);
    VisitGenerator usual = new VisitGenerator(TRAFFIC);
    Set<String> visitIds = new HashSet<>();
    Set<String> usualVisitIds = new HashSet<>();
    while (formatted.hasNext()) {
      GeneratedVisit record = formatted.next();
      GeneratedVisit same = usual.next();
      assertEquals(same.kind(), record.kind());
      ParsedRecord parsed = parser.parse(record.value());
      if (record.kind() == Category.MALFORMED) {
        assertInstanceOf(Rejection.class, parsed, record::toString);
      } else {
        Visit visit = assertInstanceOf(Visit.class, parsed, record::toString);
        assertEquals(new String(record.key(), UTF_8), visit.visitId());
        assertEquals(same.eventTimeMillis(), visit.eventTimeMillis());
        assertTrue(visit.page() != null && !visit.page().isEmpty());
        visitIds.add(visit.visitId());
        usualVisitIds.add(new String(same.key(), UTF_8));
      }
    }
    assertEquals(usualVisitIds.size(), visitIds.size());
  }
}
