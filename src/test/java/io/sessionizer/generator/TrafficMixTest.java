package io.sessionizer.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.generator.GeneratedVisit.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficMixTest {
  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 100.1, Double.NaN, Double.POSITIVE_INFINITY})
  void rejectsPercentOutOfRange(double percent) {
    var rejection =
        assertThrows(IllegalArgumentException.class, () -> new TrafficMix(0, percent, 0, 0));

    assertEquals("late must be from 0 to 100 percent, but is " + percent, rejection.getMessage());
  }

  @Test
  void namesEveryInvalidPercent() {
    var rejection =
        assertThrows(IllegalArgumentException.class, () -> new TrafficMix(-1, 101, -2, 102));

    assertEquals(
        """
        outOfOrder must be from 0 to 100 percent, but is -1.0
        late must be from 0 to 100 percent, but is 101.0
        duplicates must be from 0 to 100 percent, but is -2.0
        malformed must be from 0 to 100 percent, but is 102.0""",
        rejection.getMessage());
  }

  @Test
  void rejectsDuplicatesWithoutOnTimeVisits() {
    var rejection =
        assertThrows(IllegalArgumentException.class, () -> new TrafficMix(10, 10, 40, 10));

    assertEquals(
        "outOfOrder + late + malformed + twice duplicates (each repeats an on-time visit) must be at"
            + " most 100 percent, but is 110.0",
        rejection.getMessage());
  }

  @Test
  void rejectsLateVisitsWithoutEarlierOnes() {
    var rejection =
        assertThrows(IllegalArgumentException.class, () -> new TrafficMix(0, 50, 0, 41));

    assertEquals(
        "late + malformed must be at most 90 percent (a visit is late only behind others), but is"
            + " 91.0",
        rejection.getMessage());
  }

  @Test
  void emptyMixIsOnTime() {
    assertEquals(Category.ON_TIME, TrafficMix.ALL_ON_TIME.at(0));
    assertEquals(Category.ON_TIME, TrafficMix.ALL_ON_TIME.at(99.99));
  }

  @Test
  void hundredPercentLeavesNothingElse() {
    assertEquals(Category.MALFORMED, new TrafficMix(0, 0, 0, 100).at(0));
    assertEquals(Category.MALFORMED, new TrafficMix(0, 0, 0, 100).at(99.99));
  }

  @Test
  void scalesPercentOfRecordsToVisits() {
    // 80 visits give 100 records: 20 on time with a duplicate each, 40 out of order, 20 malformed.
    var mix = new TrafficMix(40, 0, 20, 20);

    assertEquals(Category.OUT_OF_ORDER, mix.at(49.9));
    assertEquals(Category.DUPLICATE, mix.at(50.1));
    assertEquals(Category.DUPLICATE, mix.at(74.9));
    assertEquals(Category.MALFORMED, mix.at(75.1));
  }
}
