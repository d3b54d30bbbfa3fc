package io.sessionizer.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctValuesTest {
  private static DistinctValues of(int count) {
    DistinctValues values = new DistinctValues();
    for (int i = 0; i < 3 * count; i++) {
      values.add("value " + i % count);
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 1000, DistinctValues.KEPT})
  void fewAreCounted(int count) {
    assertEquals(count, of(count).count());
    assertTrue(of(count).isExact());
  }

  @Test
  void manyAreEstimated() {
    DistinctValues values = of(100_000);
    assertFalse(values.isExact());
    assertTrue(Math.abs(values.count() - 100_000) < 5_000, Long.toString(values.count()));
  }
}
