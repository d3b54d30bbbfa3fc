package io.sessionizer.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TrafficTest {
  @Test
  void namesEveryInvalidValue() {
    var rejection =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Traffic(-1, 0, Instant.MAX, 1, TrafficMix.ALL_ON_TIME));

    assertEquals(
        """
        visits must be 0 or more, but is -1
        visitors must be from 1 to 10000000, but is 0
        startTime must be from 1970-01-01T00:00:00Z to 2900-01-01T00:00:00Z, but is \
        +1000000000-12-31T23:59:59.999999999Z""",
        rejection.getMessage());
  }

  @Test
  void truncatesStartToWholeSeconds() {
    var traffic =
        new Traffic(1, 1, Instant.parse("2024-01-01T00:00:00.999Z"), 1, TrafficMix.ALL_ON_TIME);

    assertEquals(Instant.parse("2024-01-01T00:00:00Z"), traffic.startTime());
  }
}
