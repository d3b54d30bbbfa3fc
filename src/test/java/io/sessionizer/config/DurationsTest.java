package io.sessionizer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations as users write them. */
class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "16m, PT16M",
    "1h30m, PT1H30M",
    "90s, PT1M30S",
    "250ms, PT0.25S",
    "2d, PT48H",
    "1d2h3m4s5ms, P1DT2H3M4.005S",
    "1m1ms, PT1M0.001S",
    "0s, PT0S",
    "007m, PT7M",
    "PT16M, PT16M",
    "pt16m, PT16M",
    "P1DT0.5S, P1DT0.5S",
    "-PT1M, -PT1M"
  })
  void readsUnitsAndIso(String text, String iso) {
    assertEquals(Duration.parse(iso), Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "16",
        "m",
        "16M",
        "16 m",
        " 16m",
        "16m ",
        "1h 30m",
        "30m1h",
        "1m1m",
        "1ms1s",
        "1.5h",
        "-1m",
        "+1m",
        "1min",
        "1w",
        "1h30",
        "\u0661m",
        "PT",
        "P1M",
        "PT9223372036854775808S",
        "9223372036854775807m",
        "9223372036854775807s1000ms",
        "9223372036854775808ms"
      })
  void rejectsOtherTexts(String text) {
    assertThrows(DateTimeException.class, () -> Durations.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "PT16M, 16m",
    "PT90M, 1h30m",
    "PT24H, 1d",
    "PT0.25S, 250ms",
    "PT0S, 0s",
    "P36500D, 36500d",
    "PT-1M, PT-1M",
    "PT0.0001S, PT0.0001S"
  })
  void formatsWithUnits(String iso, String text) {
    assertEquals(text, Durations.format(Duration.parse(iso)));
  }
}
