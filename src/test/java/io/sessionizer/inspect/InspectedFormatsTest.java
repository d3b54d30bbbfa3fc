package io.sessionizer.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.sessionizer.formats.KnownFormats;
import io.sessionizer.testing.SampleEvents;
import io.sessionizer.visits.Visit;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Inspection reads records as a job would with the format's file. */
class InspectedFormatsTest {
  private static final int EVENTS = 1000;

  static List<String> names() {
    return KnownFormats.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void formatIsNamedWithItsVisits(String name) {
    SampleEvents events = SampleEvents.of(name, 5, EVENTS);
    Inspection inspection = InspectionTest.of(MadeUpVisits.file(events.lines()));
    KnownFormat format = inspection.mapping().format();
    assertNotNull(format);
    assertEquals(name, format.name());
    assertEquals(
        events.visits().stream().map(Visit::toString).sorted().toList(),
        inspection.visits().visits().stream()
            .map(v -> new Visit(v.visitId(), v.timeMillis(), v.userId(), v.page()).toString())
            .sorted()
            .toList());
  }
}
