package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.records.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-01T00:18:00Z",
        "2024-01-01T00:18:00",
        "2024-01-01 00:18:00",
        "2024-01-01 00:18:00Z",
        "2024-01-01T00:18:00+00:00",
        "2024-01-01T00:18:00+0000",
        "2024-01-01T00:18:00-00:00",
        "2024-01-01T00:18:00-0000",
        "2024-01-01 00:18:00+00:00",
        "2024-01-01T01:18:00+01:00",
        "2024-01-01T01:18:00+0100",
        "2023-12-31T19:18:00-05:00",
        "2023-12-31T19:18:00-0500",
        "2024-01-01T05:48:00+05:30",
        "2023-12-31T20:48:00-03:30",
        "2024-01-01T18:18:00+18:00",
        "2023-12-31T06:18:00-18:00",
        "2024-01-01T00:18:00.0Z",
        "2024-01-01T00:18:00.000000000Z",
        "2024-01-01T00:18:00.0009+00:00",
        "2024-01-01T00:18:00,000999999",
        "2024-01-01 01:18:00,0+0100",
        "2024-01-01 00:18:00+00",
        "2024-01-01 01:18:00.0+01",
        "2023-12-31T19:18:00-05",
        "2024-01-01t00:18:00z",
        "2024-01-01T00:18:00.000999z",
        "2024-01-01 00:18:00z",
        "2024-01-01T00:18Z",
        "2024-01-01T00:18",
        "2024-01-01 00:18",
        "2024-01-01t05:48+05:30",
        "2024-01-01T05:48+0530",
        "2024-01-01 01:18+01"
      })
  void manyTextsAreOneInstant(String text) throws Exception {
    assertEquals(1_704_068_280_000L, EventTime.parseMillis("event_time", text));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 100",
    "12, 120",
    "123, 123",
    "1234, 123",
    "12345, 123",
    "123456, 123",
    "1234567, 123",
    "12345678, 123",
    "123456789, 123",
    "9, 900",
    "99, 990",
    "999, 999",
    "999999999, 999",
    "0009, 0",
    "000000001, 0",
    "001999, 1"
  })
  void cutsAFractionToMilliseconds(String digits, long millis) throws Exception {
    assertEquals(
        millis, EventTime.parseMillis("event_time", "1970-01-01T00:00:00." + digits + "Z"), "dot");
    assertEquals(
        millis,
        EventTime.parseMillis("event_time", "1970-01-01T00:00:00," + digits + "Z"),
        "comma");
  }

  @ParameterizedTest
  @CsvSource({"9999, -1", "999, -1", "001, -999", "0019, -999", "0009, -1000", "000, -1000"})
  void cutsDownwardsBefore1970(String digits, long millis) throws Exception {
    assertEquals(
        millis, EventTime.parseMillis("event_time", "1969-12-31T23:59:59." + digits + "Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "0000-01-01T00:00:00Z, -62167219200000",
    "0000-02-29T00:00:00Z, -62162121600000",
    "0001-01-01T00:00:00Z, -62135596800000",
    "0000-01-01T00:00:00+18:00, -62167284000000",
    "1582-10-10T00:00:00Z, -12219724800000",
    "1970-01-01T00:00:00Z, 0",
    "2024-02-29T23:59:59.999Z, 1709251199999",
    "2000-02-29T00:00:00Z, 951782400000",
    "9999-12-31T23:59:59.999Z, 253402300799999",
    "9999-12-31T23:59:59.999-18:00, 253402365599999"
  })
  void readsEveryYearOfFourDigits(String text, long millis) throws Exception {
    assertEquals(millis, EventTime.parseMillis("event_time", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "now",
        "1704068280000",
        "2024",
        "2024-01",
        "2024-01-01",
        "2024-01-01T",
        "2024-01-01T00",
        "2024-01-01T00:18:",
        "2024-01-01T00:18:0",
        "2024-01-01T00:18:0Z",
        "2024-01-01T00:18:+01",
        "2024-01-01T00+01",
        "2024-01-01T00Z",
        "T00:18:00Z",
        "00:18:00",
        "20240101T001800Z",
        "2024-001T00:18:00Z",
        "2024-W01-1T00:18:00Z",
        "2024-1-1T00:18:00Z",
        "2024-01-01T0:18:00Z",
        "24-01-01T00:18:00Z",
        "12024-01-01T00:18:00Z",
        "+2024-01-01T00:18:00Z",
        "+12024-01-01T00:18:00Z",
        "-2024-01-01T00:18:00Z",
        "2024/01/01T00:18:00Z",
        "01.01.2024 00:18:00",
        "2024-01-01_00:18:00Z",
        "2024-01-01  00:18:00Z",
        "2024-01-01T00:18:00 Z",
        "2024-01-01T00:18:00ZZ",
        "2024-01-01T00:18:00Z+00:00",
        "2024-01-01T00:18:00UTC",
        "2024-01-01T00:18:00 UTC",
        "2024-01-01T00:18:00[Europe/Paris]",
        "2024-01-01T00:18:00+01:00[Europe/Paris]",
        "2024-01-01T00:18:00+1",
        "2024-01-01T00:18:00+1:00",
        "2024-01-01T00:18:00+01:0",
        "2024-01-01T00:18:00+01:00:00",
        "2024-01-01T00:18:00 +01:00",
        "2024-01-01T00:18:00\u221201:00",
        "2024-01-01T00:18:00.Z",
        "2024-01-01T00:18:00.",
        "2024-01-01T00:18:00,",
        "2024-01-01T00:18:00.1234567890Z",
        "2024-01-01T00:18:00.-1Z",
        "2024-01-01T00:18.5Z",
        "2024-01-01T00:18,5",
        "2024-01-01 00:18:00 +0000",
        "2024-01-01 00:18:00 +00",
        "2024-01-01 00:18:00+",
        "2024-01-01 00:18:00+000",
        " 2024-01-01T00:18:00Z",
        "2024-01-01T00:18:00Z ",
        "2024-01-01T00:18:00Z\n",
        "\u0662\u0660\u0662\u0664-01-01T00:18:00Z"
      })
  void rejectsMalformedTimes(String text) {
    assertRejected(text, "");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-00-01T00:00:00Z, Invalid value for MonthOfYear (valid values 1 - 12): 0",
    "2024-13-01T00:00:00Z, Invalid value for MonthOfYear (valid values 1 - 12): 13",
    "2024-01-00T00:00:00Z, Invalid value for DayOfMonth (valid values 1 - 28/31): 0",
    "2024-01-32T00:00:00Z, Invalid value for DayOfMonth (valid values 1 - 28/31): 32",
    "2024-02-30T00:00:00Z, Invalid date 'FEBRUARY 30'",
    "2024-04-31T00:00:00Z, Invalid date 'APRIL 31'",
    "2023-02-29T00:00:00Z, Invalid date 'February 29' as '2023' is not a leap year",
    "1900-02-29T00:00:00Z, Invalid date 'February 29' as '1900' is not a leap year",
    "2024-01-01T24:00Z, Invalid value for HourOfDay (valid values 0 - 23): 24",
    "2024-01-01T00:60z, Invalid value for MinuteOfHour (valid values 0 - 59): 60",
    "2024-01-01T00:00:00+19, Zone offset hours not in valid range: value 19 is not in the range -18 to 18",
    "2024-01-01T24:00:00Z, Invalid value for HourOfDay (valid values 0 - 23): 24",
    "2024-01-01T00:60:00Z, Invalid value for MinuteOfHour (valid values 0 - 59): 60",
    "2016-12-31T23:59:60Z, Invalid value for SecondOfMinute (valid values 0 - 59): 60",
    "2024-01-01T00:00:00+18:01, Zone offset not in valid range: -18:00 to +18:00",
    "2024-01-01T00:00:00-18:01, Zone offset not in valid range: -18:00 to +18:00",
    "2024-01-01T00:00:00+1801, Zone offset not in valid range: -18:00 to +18:00"
  })
  void explainsImpossibleDaysAndTimes(String text, String why) {
    assertRejected(text, " (" + why + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"+19:00", "-19:00", "+99:99", "+00:60", "-00:60"})
  void rejectsImpossibleOffset(String offset) {
    String text = "2024-01-01T00:00:00" + offset;

    RejectedVisitException e =
        assertThrows(RejectedVisitException.class, () -> EventTime.parseMillis("event_time", text));

    assertEquals(Reason.BAD_EVENT_TIME, e.reason());
    String quoted = "event_time \"" + text + "\" is not";
    assertEquals(quoted, e.getMessage().substring(0, quoted.length()));
  }

  private static void assertRejected(String text, String why) {
    RejectedVisitException e =
        assertThrows(RejectedVisitException.class, () -> EventTime.parseMillis("event_time", text));
    assertEquals(Reason.BAD_EVENT_TIME, e.reason());
    assertEquals(
        "event_time \""
            + text
            + "\" is not an ISO-8601 date and time such as 2024-01-01T00:18:00+00:00"
            + why,
        e.getMessage());
  }
}
