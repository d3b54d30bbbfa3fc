package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Every instant of the years 0000 to 9999 is read as what it is. */
class AnyEventTimeTest {
  private static final long YEAR_0000 = -62_167_219_200_000L;
  private static final long YEAR_9999 = 253_402_300_799_999L;

  @Property(tries = 2_000)
  void readsWhatAnInstantPrints(@ForAll @LongRange(min = YEAR_0000, max = YEAR_9999) long millis)
      throws Exception {
    assertEquals(millis, EventTime.parseMillis(Instant.ofEpochMilli(millis).toString()));
  }

  @Property(tries = 2_000)
  void anInstantIsTheSameWhateverItsOffset(
      @ForAll @LongRange(min = YEAR_0000 + 64_800_000, max = YEAR_9999 - 64_800_000) long millis,
      @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int offsetMinutes)
      throws Exception {
    Instant local = Instant.ofEpochMilli(millis).plusSeconds(offsetMinutes * 60L);
    int minutes = Math.abs(offsetMinutes);
    String sign = offsetMinutes < 0 ? "-" : "+";
    String text = local.toString().replace("Z", "");

    assertEquals(
        millis,
        EventTime.parseMillis("%s%s%02d:%02d".formatted(text, sign, minutes / 60, minutes % 60)));
    assertEquals(
        millis,
        EventTime.parseMillis("%s%s%02d%02d".formatted(text, sign, minutes / 60, minutes % 60)));
  }
}
