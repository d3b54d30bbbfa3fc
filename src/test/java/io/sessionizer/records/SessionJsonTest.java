package io.sessionizer.records;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that consumers of sessions rely on. */
class SessionJsonTest {
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private static String json(ZoneId zone, String visitId, VisitedPage... pages) {
    byte[] json = new SessionJson(zone).write(new Session(visitId, List.of(pages)));
    return new String(json, StandardCharsets.UTF_8);
  }

  private static VisitedPage page(long eventTimeMillis, String page, String userId) {
    return new VisitedPage(eventTimeMillis, page, userId);
  }

  @Test
  void writesReferenceSessionByteForByte() {
    String user = "140719780965248_f287ad2c-6d87-4cf1-9e9a-2da3d7837bc5";

    assertEquals(
        """
        {"visit_id":"140719780965248_0","user_id":"140719780965248_f287ad2c-6d87-4cf1-9e9a-2da3d7837bc5",\
        "start_time":"2024-01-01T08:18:00.000+01:00","end_time":"2024-01-01T08:48:00.000+01:00",\
        "visited_pages":[{"page":"index","event_time_as_milliseconds":1704093480000},\
        {"page":"contact","event_time_as_milliseconds":1704093660000},\
        {"page":"home","event_time_as_milliseconds":1704093720000},\
        {"page":"home","event_time_as_milliseconds":1704093960000},\
        {"page":"main","event_time_as_milliseconds":1704094020000},\
        {"page":"index","event_time_as_milliseconds":1704094200000},\
        {"page":"main","event_time_as_milliseconds":1704094260000},\
        {"page":"category_7","event_time_as_milliseconds":1704094500000},\
        {"page":"home","event_time_as_milliseconds":1704094740000},\
        {"page":"contact","event_time_as_milliseconds":1704094800000},\
        {"page":"contact","event_time_as_milliseconds":1704094980000},\
        {"page":"contact","event_time_as_milliseconds":1704095280000}],\
        "duration_in_milliseconds":1800000}""",
        json(
            PARIS,
            "140719780965248_0",
            page(1704095280000L, "contact", user),
            page(1704094980000L, "contact", user),
            page(1704093480000L, "index", user),
            page(1704093660000L, "contact", user),
            page(1704093960000L, "home", user),
            page(1704094020000L, "main", user),
            page(1704093720000L, "home", user),
            page(1704094200000L, "index", user),
            page(1704094260000L, "main", user),
            page(1704094500000L, "category_7", user),
            page(1704094740000L, "home", user),
            page(1704094800000L, "contact", user)));
  }

  @Test
  void printsUtcAsZ() {
    assertEquals(
        "{\"visit_id\":\"v\",\"user_id\":\"u\",\"start_time\":\"2024-01-01T07:18:00.000Z\","
            + "\"end_time\":\"2024-01-01T07:18:00.007Z\",\"visited_pages\":["
            + "{\"page\":\"p\",\"event_time_as_milliseconds\":1704093480000},"
            + "{\"page\":\"q\",\"event_time_as_milliseconds\":1704093480007}],"
            + "\"duration_in_milliseconds\":7}",
        json(ZoneOffset.UTC, "v", page(1704093480000L, "p", "u"), page(1704093480007L, "q", null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Z", "GMT", "Etc/UTC", "+00:00", "UTC+0"})
  void everyNameOfUtcPrintsZ(String zone) {
    Session session = new Session("v", List.of(page(0, null, null)));

    assertArrayEquals(
        new SessionJson(ZoneOffset.UTC).write(session),
        new SessionJson(ZoneId.of(zone)).write(session));
  }

  @Test
  void leavesOutWhatIsMissing() {
    assertEquals(
        "{\"visit_id\":\"v\",\"start_time\":\"1970-01-01T00:00:00.000Z\","
            + "\"end_time\":\"1970-01-01T00:00:00.001Z\",\"visited_pages\":["
            + "{\"event_time_as_milliseconds\":0},"
            + "{\"page\":\"\",\"event_time_as_milliseconds\":1}],\"duration_in_milliseconds\":1}",
        json(ZoneOffset.UTC, "v", page(0, null, null), page(1, "", null)));
  }

  @Test
  void singleVisitHasZeroDuration() {
    assertEquals(
        "{\"visit_id\":\"v\",\"user_id\":\"u\",\"start_time\":\"1969-12-31T23:59:59.999Z\","
            + "\"end_time\":\"1969-12-31T23:59:59.999Z\",\"visited_pages\":["
            + "{\"page\":\"p\",\"event_time_as_milliseconds\":-1}],"
            + "\"duration_in_milliseconds\":0}",
        json(ZoneOffset.UTC, "v", page(-1, "p", "u")));
  }

  @Test
  void escapesOnlyWhatJsonRequires() {
    assertEquals(
        "{\"visit_id\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001F\u007f\","
            + "\"user_id\":\"é€😀\u2028\","
            + "\"start_time\":\"1970-01-01T00:00:00.000Z\","
            + "\"end_time\":\"1970-01-01T00:00:00.000Z\",\"visited_pages\":["
            + "{\"page\":\"<a href='x'>&amp;</a>\",\"event_time_as_milliseconds\":0}],"
            + "\"duration_in_milliseconds\":0}",
        json(
            ZoneOffset.UTC,
            "\"\\/\b\f\n\r\t\0\u001f\u007f",
            page(0, "<a href='x'>&amp;</a>", "é€😀\u2028")));
  }

  @Test
  void printsSecondsOfZoneOffset() {
    assertEquals(
        "{\"visit_id\":\"v\",\"start_time\":\"1890-01-01T00:09:21.000+00:09:21\","
            + "\"end_time\":\"1890-01-01T00:09:21.000+00:09:21\",\"visited_pages\":["
            + "{\"event_time_as_milliseconds\":-2524521600000}],\"duration_in_milliseconds\":0}",
        json(PARIS, "v", page(-2524521600000L, null, null)));
  }

  @Test
  void printsYearsBefore1000WithFourDigits() {
    assertEquals(
        "{\"visit_id\":\"v\",\"start_time\":\"0000-01-01T00:00:00.000Z\","
            + "\"end_time\":\"0000-01-01T00:00:00.000Z\",\"visited_pages\":["
            + "{\"event_time_as_milliseconds\":-62167219200000}],\"duration_in_milliseconds\":0}",
        json(ZoneOffset.UTC, "v", page(-62167219200000L, null, null)));
  }

  @Test
  void distinguishesRepeatedHourByOffset() {
    assertEquals(
        "{\"visit_id\":\"v\",\"start_time\":\"2024-10-27T02:30:00.000+02:00\","
            + "\"end_time\":\"2024-10-27T02:30:00.000+01:00\",\"visited_pages\":["
            + "{\"event_time_as_milliseconds\":1729989000000},"
            + "{\"event_time_as_milliseconds\":1729992600000}],"
            + "\"duration_in_milliseconds\":3600000}",
        json(PARIS, "v", page(1729989000000L, null, null), page(1729992600000L, null, null)));
  }

  @Test
  void writesTheSameAfterJavaSerialization() {
    Session session = new Session("v", List.of(page(0, "p", "u")));
    SessionJson json = new SessionJson(PARIS);

    assertEquals(
        new String(json.write(session), StandardCharsets.UTF_8),
        new String(SerializableUtils.clone(json).write(session), StandardCharsets.UTF_8));
  }
}
