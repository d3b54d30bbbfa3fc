package io.sessionizer.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeFormatTest {
  private static final String TIME = "2026-03-01T10:00:00.123Z";

  private static FieldStatistics field(String... values) throws Exception {
    FieldStatistics field = new FieldStatistics("t");
    for (String value : values) {
      field.add(new ObjectMapper().readTree(value), SampledRecord.NO_TIMESTAMP);
    }
    return field;
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "ISO, `\"2026-03-01T10:00:00.123Z\"`",
        "ISO, `\"2026-03-01 10:00:00,1239\"`",
        "ISO, `\"2026-03-01t12:00:00.123+0200\"`",
        "SECONDS, 1772359200.123",
        "SECONDS, `\"1772359200.1239\"`",
        "SECONDS, 1.772359200123E9",
        "MILLIS, 1772359200123",
        "MILLIS, `\"1772359200123\"`",
        "MICROS, 1772359200123456",
        "NANOS, 1772359200123456789",
      })
  void isRecognizedWithUnit(TimeFormat format, String value) throws Exception {
    assertEquals(format, field(value).timeFormat());
    assertEquals(
        Instant.parse(TIME).toEpochMilli(), format.millis(new ObjectMapper().readTree(value)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "ACCESS_LOG, `\"01/Mar/2026:11:00:00 +0100\"`",
        "MAIL, `\"Sun, 1 Mar 2026 10:00:00 GMT\"`",
        "YEAR_FIRST, `\"2026/03/01 10:00:00\"`",
        "MONTH_FIRST, `\"03/01/2026 10:00:00\"`",
        "DAY_FIRST, `\"01/03/2026 10:00:00\"`",
      })
  void isRecognizedByPattern(TimeFormat format, String value) throws Exception {
    assertEquals(
        Instant.parse("2026-03-01T10:00:00Z").toEpochMilli(),
        format.millis(new ObjectMapper().readTree(value)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "7",
        "631151999",
        "4102444800",
        "`\"2026-03-01\"`",
        "`\"2026-02-30T10:00:00Z\"`",
        "true",
        "1e999999999",
        "`\"10:00:00\"`",
        "`\"0123-56-89012345678901234567890123456\"`"
      })
  void isNoTime(String value) throws Exception {
    assertNull(field(value).timeFormat());
  }

  @Test
  void dayAndMonthMayBeEither() throws Exception {
    FieldStatistics either = field("\"03/01/2026 10:00:00\"");
    assertEquals(TimeFormat.MONTH_FIRST, either.timeFormat());
    assertEquals(TimeFormat.DAY_FIRST, either.otherFormat());
    FieldStatistics decided = field("\"03/01/2026 10:00:00\"", "\"13/01/2026 10:00:00\"");
    assertEquals(TimeFormat.DAY_FIRST, decided.timeFormat());
    assertNull(decided.otherFormat());
  }
}
