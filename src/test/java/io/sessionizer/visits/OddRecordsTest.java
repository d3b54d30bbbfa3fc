package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.testing.OddRecords;
import io.sessionizer.testing.OddRecords.OddRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OddRecordsTest {
  private static final VisitParser PARSER =
      new VisitParser(1 << 20, Duration.ofHours(1), Clock.systemUTC());

  static List<OddRecord> all() {
    return OddRecords.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void isVisitOrHasReason(OddRecord odd) {
    String expected = odd.reason() == null ? odd.visitId() + "@" + odd.millis() : "" + odd.reason();
    ParsedRecord parsed = PARSER.parse(odd.value());
    String actual =
        parsed instanceof Visit visit
            ? visit.visitId() + "@" + visit.eventTimeMillis()
            : ((Rejection) parsed).reason().name();
    assertEquals(expected, actual);
  }
}
