package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sessionizer.records.Reason;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Visits, and rejections with their messages. */
class VisitParserTest {
  private static final int MAX_RECORD_BYTES = 1 << 20;
  private static final Instant NOW = Instant.parse("2024-01-01T12:00:00Z");
  private static final VisitParser PARSER =
      new VisitParser(MAX_RECORD_BYTES, Duration.ofHours(1), Clock.fixed(NOW, ZoneOffset.UTC));

  private static final String T = "\"2024-01-01T00:18:00+00:00\"";
  private static final long T_MILLIS = 1_704_068_280_000L;

  private static ParsedRecord parse(String json) {
    return PARSER.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Rejection rejection(Reason reason, String message, String json) {
    return new Rejection(reason, message, json.getBytes(StandardCharsets.UTF_8));
  }

  private static String visitIdOf(String json) {
    return "{\"visit_id\":" + json + ",\"event_time\":" + T + "}";
  }

  @Test
  void readsWhatTheGeneratorUpstreamWrites() {
    String json =
        """
        {"visit_id":"140719780965248_0","event_time":"2024-01-01T00:18:00+00:00",\
        "user_id":"140719780965248_f287ad2c-6d87-4cf1-9e9a-2da3d7837bc5",\
        "keep_private":false,"page":"category_7","context":{"referral":"Google Search","ad_id":"ad 1",\
        "user":{"ip":"10.2.3.4","login":"kim","connected_since":"2023-12-20T00:00:00"},\
        "technical":{"browser":"Firefox","browser_version":"23.1","network_type":"Wi-Fi",\
        "device_type":"iPad","device_version":"4.0"}}}""";

    assertEquals(
        new Visit(
            "140719780965248_0",
            T_MILLIS,
            "140719780965248_f287ad2c-6d87-4cf1-9e9a-2da3d7837bc5",
            "category_7"),
        parse(json));
  }

  static Stream<Arguments> visits() {
    Visit bare = new Visit("v", T_MILLIS, null, null);
    Visit full = new Visit("v", T_MILLIS, "u", "p");
    String ab = "{\"visit_id\":\"v\",\"event_time\":" + T;
    return Stream.of(
        arguments("without optional fields", ab + "}", bare),
        arguments("null optional fields", ab + ",\"user_id\":null,\"page\":null}", bare),
        arguments("all fields", ab + ",\"user_id\":\"u\",\"page\":\"p\"}", full),
        arguments(
            "another order",
            "{\"page\":\"p\",\"user_id\":\"u\",\"event_time\":" + T + ",\"visit_id\":\"v\"}",
            full),
        arguments("empty optional texts", ab + ",\"user_id\":\"\",\"page\":\"\"}", visit("", "")),
        arguments(
            "blank optional texts", ab + ",\"user_id\":\" \",\"page\":\" \"}", visit(" ", " ")),
        arguments(
            "white space",
            " \t\r\n{ \"visit_id\" :\n\"v\" ,\r\n\t\"event_time\" : " + T + " } \n",
            bare),
        arguments("a byte order mark in front", "\ufeff " + ab + "}", bare),
        arguments(
            "escaped field name", "{\"visit\\u005fid\":\"v\",\"event_time\":" + T + "}", bare),
        arguments(
            "unknown fields of every type",
            "{\"a\":1,\"b\":[{\"visit_id\":\"x\"},[]],\"visit_id\":\"v\",\"c\":{\"page\":\"x\"},"
                + ("\"event_time\":" + T)
                + ",\"d\":null,\"e\":true,\"f\":1e999,\"Page\":\"x\",\"\":\"x\"}",
            bare),
        arguments("half a surrogate pair in an unknown field", ab + ",\"a\":\"\\ud800\"}", bare),
        arguments("a long unknown text", ab + ",\"a\":\"" + "x".repeat(100_000) + "\"}", bare),
        arguments("a long unknown number", ab + ",\"a\":" + "1".repeat(100_000) + "}", bare),
        arguments("a long unknown name", ab + ",\"" + "x".repeat(100_000) + "\":1}", bare),
        arguments(
            "spaces around an id", visitIdOf("\" v \""), new Visit(" v ", T_MILLIS, null, null)),
        arguments(
            "escapes",
            visitIdOf("\"\\u00e9\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
            new Visit("é😀\"\\/\b\f\n\r\t", T_MILLIS, null, null)),
        arguments(
            "characters of one to four bytes",
            visitIdOf("\"aé€😀\""),
            new Visit("aé€😀", T_MILLIS, null, null)),
        arguments(
            "the character that stands for malformed ones",
            visitIdOf("\"\ufffd\""),
            new Visit("\ufffd", T_MILLIS, null, null)));
  }

  private static Visit visit(String userId, String page) {
    return new Visit("v", T_MILLIS, userId, page);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("visits")
  void readsAVisit(String name, String json, Visit expected) {
    assertEquals(expected, parse(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "1", "-0", "1.50", "1e5", "-1.5E+10", "123456789012345678901234567890"})
  void readsNumberAsJsonText(String number) {
    String json =
        "{\"visit_id\":%1$s,\"event_time\":%2$s,\"user_id\":%1$s,\"page\":%1$s}"
            .formatted(number, T);

    assertEquals(new Visit(number, T_MILLIS, number, number), parse(json));
  }

  static Stream<Arguments> repeatedFields() {
    String good = "\"visit_id\":\"v\",\"event_time\":" + T + ",\"user_id\":\"u\",\"page\":\"p\"}";
    return Stream.of(
        arguments("a text", "{\"visit_id\":\"old\",\"user_id\":\"old\",\"page\":\"old\"," + good),
        arguments("null", "{\"visit_id\":null,\"event_time\":null," + good),
        arguments("a blank", "{\"visit_id\":\" \",\"event_time\":\" \"," + good),
        arguments("true", "{\"visit_id\":true,\"user_id\":true,\"page\":false," + good),
        arguments("an object", "{\"visit_id\":{\"visit_id\":\"x\"},\"event_time\":{}," + good),
        arguments("an array", "{\"visit_id\":[\"x\",[]],\"user_id\":[],\"page\":[]," + good),
        arguments("a number", "{\"event_time\":1704067200000," + good),
        arguments("no time", "{\"event_time\":\"yesterday\"," + good),
        arguments(
            "half a surrogate pair", "{\"visit_id\":\"\\udc00\",\"page\":\"\\ud800\"," + good),
        arguments("a text that is too long", "{\"visit_id\":\"" + "x".repeat(4097) + "\"," + good));
  }

  @ParameterizedTest(name = "{0} before")
  @MethodSource("repeatedFields")
  void lastRepeatedFieldWins(String name, String json) {
    assertEquals(new Visit("v", T_MILLIS, "u", "p"), parse(json));
  }

  @Test
  void lastNullMakesFieldMissing() {
    String json = "{\"visit_id\":\"v\",\"page\":\"p\",\"event_time\":" + T + ",\"page\":null}";

    assertEquals(new Visit("v", T_MILLIS, null, null), parse(json));
  }

  static Stream<Arguments> incompleteVisits() {
    String text = " must be a text or a number, not ";
    String time = "event_time must be a text, not ";
    return Stream.of(
        arguments("{}", Reason.MISSING_VISIT_ID, "visit_id is missing or null"),
        arguments("{\"visit_id\":null}", Reason.MISSING_VISIT_ID, "visit_id is missing or null"),
        arguments(visitIdOf("\"\""), Reason.MISSING_VISIT_ID, "visit_id is blank"),
        arguments(visitIdOf("\" \\t\\n\""), Reason.MISSING_VISIT_ID, "visit_id is blank"),
        arguments(visitIdOf("\"\\u2003\""), Reason.MISSING_VISIT_ID, "visit_id is blank"),
        arguments(visitIdOf("true"), Reason.BAD_FIELD_TYPE, "visit_id" + text + "true"),
        arguments(visitIdOf("false"), Reason.BAD_FIELD_TYPE, "visit_id" + text + "false"),
        arguments(visitIdOf("{\"a\":1}"), Reason.BAD_FIELD_TYPE, "visit_id" + text + "an object"),
        arguments(visitIdOf("[\"v\"]"), Reason.BAD_FIELD_TYPE, "visit_id" + text + "an array"),
        arguments(
            "{\"visit_id\":1,\"event_time\":" + T + ",\"user_id\":true}",
            Reason.BAD_FIELD_TYPE,
            "user_id" + text + "true"),
        arguments(
            "{\"visit_id\":1,\"event_time\":" + T + ",\"page\":[]}",
            Reason.BAD_FIELD_TYPE,
            "page" + text + "an array"),
        arguments(
            "{\"visit_id\":\"v\"}", Reason.MISSING_EVENT_TIME, "event_time is missing or null"),
        arguments(
            "{\"visit_id\":\"v\",\"event_time\":null}",
            Reason.MISSING_EVENT_TIME,
            "event_time is missing or null"),
        arguments(
            "{\"visit_id\":\"v\",\"event_time\":1704067200000}",
            Reason.BAD_FIELD_TYPE,
            time + "a number (\"1704067200000\")"),
        arguments(
            "{\"visit_id\":\"v\",\"event_time\":1.5}",
            Reason.BAD_FIELD_TYPE,
            time + "a number (\"1.5\")"),
        arguments(
            "{\"visit_id\":\"v\",\"event_time\":false}", Reason.BAD_FIELD_TYPE, time + "false"),
        arguments(
            "{\"visit_id\":\"v\",\"event_time\":{}}", Reason.BAD_FIELD_TYPE, time + "an object"),
        arguments(
            "{\"visit_id\":\"v\",\"event_time\":[]}", Reason.BAD_FIELD_TYPE, time + "an array"),
        arguments(
            visitIdOf("\"a\\ud800b\""),
            Reason.NOT_JSON,
            "visit_id holds half of a surrogate pair, which is not a character"),
        arguments(
            "{\"visit_id\":\"v\",\"event_time\":" + T + ",\"page\":\"\\udc00\\ud800\"}",
            Reason.NOT_JSON,
            "page holds half of a surrogate pair, which is not a character"));
  }

  @ParameterizedTest
  @MethodSource("incompleteVisits")
  void rejectsIncompleteVisit(String json, Reason reason, String message) {
    assertEquals(rejection(reason, message, json), parse(json));
  }

  @Test
  void messageQuotesEventTime() {
    String json = "{\"visit_id\":\"v\",\"event_time\":\"01/02/2024\"}";

    assertEquals(
        rejection(
            Reason.BAD_EVENT_TIME,
            "event_time \"01/02/2024\" is not an ISO-8601 date and time such as"
                + " 2024-01-01T00:18:00+00:00",
            json),
        parse(json));
  }

  @Test
  void messageQuotesStartOfLongEventTime() {
    String json = "{\"visit_id\":\"v\",\"event_time\":\"" + "x".repeat(1000) + "\"}";

    assertEquals(
        rejection(
            Reason.BAD_EVENT_TIME,
            "event_time \"%s...\" (1000 characters) is not an ISO-8601 date and time such as"
                    .formatted("x".repeat(79))
                + " 2024-01-01T00:18:00+00:00",
            json),
        parse(json));
  }

  @Test
  void quotedEventTimeEndsWithWholeCharacter() {
    String json = "{\"visit_id\":\"v\",\"event_time\":\"" + "x".repeat(79) + "😀\"}";

    assertEquals(
        rejection(
            Reason.BAD_EVENT_TIME,
            "event_time \"%s...\" (81 characters) is not an ISO-8601 date and time such as"
                    .formatted("x".repeat(79))
                + " 2024-01-01T00:18:00+00:00",
            json),
        parse(json));
  }

  @Test
  void messageHasNoHalfSurrogatePair() {
    String json = "{\"visit_id\":\"v\",\"event_time\":\"\\ud800\"}";

    assertEquals(
        rejection(
            Reason.BAD_EVENT_TIME,
            "event_time \"?\" is not an ISO-8601 date and time such as 2024-01-01T00:18:00+00:00",
            json),
        parse(json));
  }

  static Stream<Arguments> otherJson() {
    return Stream.of(
        arguments("null", "null"),
        arguments("true", "true"),
        arguments("false", "false"),
        arguments("1", "a number"),
        arguments("-1.5e3", "a number"),
        arguments("\"{}\"", "a text"),
        arguments("[]", "an array"),
        arguments(" [{\"visit_id\":\"v\",\"event_time\":" + T + "}] ", "an array"));
  }

  @ParameterizedTest
  @MethodSource("otherJson")
  void rejectsOtherJson(String json, String type) {
    assertEquals(
        rejection(Reason.NOT_AN_OBJECT, "the value is " + type + ", not an object", json),
        parse(json));
  }

  @Test
  void rejectsRecordWithoutValue() {
    assertEquals(new Rejection(Reason.EMPTY, "the record has no value", null), PARSER.parse(null));
  }

  @Test
  void rejectsEmptyValue() {
    assertEquals(rejection(Reason.EMPTY, "the record has no value", ""), parse(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n", "\t \r\n ", "\ufeff", "\ufeff\n"})
  void rejectsBlankValue(String json) {
    assertEquals(rejection(Reason.EMPTY, "the value is white space only", json), parse(json));
  }

  static Stream<Arguments> malformedJson() {
    String visit = visitIdOf("\"v\"");
    return Stream.of(
        arguments("{", 1, 2),
        arguments("[", 1, 2),
        arguments("\"", 1, 2),
        arguments("abc", 1, 1),
        arguments("tru", 1, 1),
        arguments("-", 1, 2),
        arguments("{\"visit_id\"", 1, 12),
        arguments("{\"visit_id\":", 1, 13),
        arguments("{\"visit_id\":\"v", 1, 15),
        arguments("{\"visit_id\":\"v\\", 1, 16),
        arguments("{\"visit_id\":\"v\\u00", 1, 19),
        arguments("{\"visit_id\":1", 1, 14),
        arguments(visit.substring(0, visit.length() - 1), 1, visit.length()),
        arguments("{\n\"visit_id\":\n}", 3, 1),
        arguments("{\"visit_id\":NaN}", 1, 16),
        arguments("{\"visit_id\":-Infinity}", 1, 22),
        arguments("{\"visit_id\":01}", 1, 14),
        arguments("{\"visit_id\":+1}", 1, 14),
        arguments("{\"visit_id\":.5}", 1, 13),
        arguments("{\"visit_id\":1.}", 1, 14),
        arguments("{\"visit_id\":0x1F}", 1, 14),
        arguments("{/**/}", 1, 2),
        arguments("{// no\n}", 1, 2),
        arguments("{# no\n}", 1, 2),
        arguments("{'visit_id':1}", 1, 2),
        arguments("{visit_id:1}", 1, 2),
        arguments("{\"visit_id\":'v'}", 1, 13),
        arguments("{\"visit_id\":1,}", 1, 15),
        arguments("{\"visit_id\":[1,]}", 1, 16),
        arguments("{\"visit_id\":1 \"page\":2}", 1, 15),
        arguments("{\"visit_id\":\"a\nb\"}", 1, 15),
        arguments("{\"visit_id\":\"a\u0000b\"}", 1, 15),
        arguments("{\"visit_id\":\"\\x\"}", 1, 15),
        arguments("{\"visit_id\":\"\\u00zz\"}", 1, 18),
        arguments("{\"\\ud800\":1}", 1, 9),
        arguments("{1:2}", 1, 2),
        arguments("}", 1, 1),
        arguments("]", 1, 1),
        arguments("\u0000", 1, 2),
        arguments("\u00a0{}", 1, 1),
        arguments("\ufeff\ufeff" + visit, 1, 1),
        arguments(visit + "x", 1, visit.length() + 1),
        arguments(visit + ",", 1, visit.length() + 1),
        arguments(visit + "}", 1, visit.length() + 1),
        arguments(visit + "\u0000", 1, visit.length() + 2),
        arguments(visit + "//", 1, visit.length() + 1));
  }

  @ParameterizedTest
  @MethodSource("malformedJson")
  void locatesMalformedJson(String json, int line, int column) {
    Rejection rejection = (Rejection) parse(json);

    String place = "the value is not JSON at line " + line + ", column " + column + ": ";
    String message = rejection.message();
    assertEquals(place, message.substring(0, Math.min(place.length(), message.length())), message);
    assertEquals(rejection(Reason.NOT_JSON, message, json), rejection);
  }

  @Test
  void messageAboutUnfinishedObjectIsShort() {
    assertEquals(
        rejection(
            Reason.NOT_JSON,
            "the value is not JSON at line 1, column 2:"
                + " Unexpected end-of-input: expected close marker for Object",
            "{"),
        parse("{"));
  }

  static Stream<Arguments> twoValues() {
    String visit = visitIdOf("\"v\"");
    return Stream.of(
        arguments(visit + visit, "an object"),
        arguments(visit + "\n" + visit, "an object"),
        arguments(visit + " []", "an array"),
        arguments(visit + "1", "a number"),
        arguments(visit + "\"x\"", "a text"),
        arguments(visit + "null", "null"),
        arguments("1 {}", "an object"),
        arguments("[]{}", "an object"));
  }

  @ParameterizedTest
  @MethodSource("twoValues")
  void rejectsSecondJsonValue(String json, String second) {
    assertEquals(
        rejection(Reason.NOT_JSON, "the value goes on after the JSON, with " + second, json),
        parse(json));
  }

  static Stream<Arguments> invalidUtf8() {
    return Stream.of(
        arguments("two bytes for NUL", "c080", "0xC0"),
        arguments("two bytes for a slash", "c0af", "0xC0"),
        arguments("three bytes for a slash", "e080af", "0xE0"),
        arguments("four bytes for a slash", "f08080af", "0xF0"),
        arguments("a lone continuation", "80", "0x80"),
        arguments("a last continuation too many", "c3a9bf", "0xBF"),
        arguments("a start without its continuation", "c3", "0xC3"),
        arguments("two of three bytes", "e282", "0xE2"),
        arguments("three of four bytes", "f09f98", "0xF0"),
        arguments("a high surrogate", "eda080", "0xED"),
        arguments("a low surrogate", "edb080", "0xED"),
        arguments("a pair of surrogates", "eda0bdedb880", "0xED"),
        arguments("a code point behind the last", "f4908080", "0xF4"),
        arguments("five bytes", "f888808080", "0xF8"),
        arguments("a byte that never occurs", "fe", "0xFE"),
        arguments("Latin-1", "e96c", "0xE9"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalidUtf8")
  void rejectsInvalidUtf8(String name, String hex, String firstBadByte) {
    String before = "{\"visit_id\":\"" + (hex.startsWith("c3a9") ? "" : "é");
    byte[] value = concat(before, HexFormat.of().parseHex(hex), "\",\"event_time\":" + T + "}");
    int position = 16;

    assertEquals(
        new Rejection(
            Reason.NOT_JSON,
            "the value is not UTF-8: " + firstBadByte + " at byte " + position,
            value),
        PARSER.parse(value));
  }

  private static byte[] concat(String before, byte[] middle, String after) {
    String latin1 = new String(middle, StandardCharsets.ISO_8859_1);
    byte[] utf8 = before.getBytes(StandardCharsets.UTF_8);
    return (new String(utf8, StandardCharsets.ISO_8859_1) + latin1 + after)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
  void rejectsOtherEncodings(String charset) {
    byte[] value = visitIdOf("\"v\"").getBytes(Charset.forName(charset));

    Rejection rejection = (Rejection) PARSER.parse(value);

    assertEquals(new Rejection(Reason.NOT_JSON, rejection.message(), value), rejection);
  }

  @Test
  void acceptsLargestRecord() {
    String json = padded(MAX_RECORD_BYTES);

    assertEquals(new Visit("é", T_MILLIS, null, null), parse(json));
  }

  @Test
  void rejectsOneByteMore() {
    String json = padded(MAX_RECORD_BYTES + 1);

    assertEquals(
        rejection(Reason.TOO_LARGE, "the value has 1048577 bytes, 1048576 at most", json),
        parse(json));
  }

  @Test
  void doesNotParseTooLargeRecord() {
    String json = "x".repeat(MAX_RECORD_BYTES + 1);

    assertEquals(
        rejection(Reason.TOO_LARGE, "the value has 1048577 bytes, 1048576 at most", json),
        parse(json));
  }

  private static String padded(int bytes) {
    String json = "{\"visit_id\":\"é\",\"event_time\":" + T + ",\"a\":\"\"}";
    int missing = bytes - json.getBytes(StandardCharsets.UTF_8).length;
    return json.replace("\"\"", '"' + "x".repeat(missing) + '"');
  }

  @Test
  void acceptsLongestTexts() {
    String text = "é".repeat(4096);

    assertEquals(
        new Visit(text, T_MILLIS, text, text), parse(textsOf('"' + text + '"', '"' + text + '"')));
  }

  @Test
  void acceptsLongestNumber() {
    String number = "1".repeat(4096);

    assertEquals(new Visit(number, T_MILLIS, number, number), parse(textsOf(number, number)));
  }

  private static String textsOf(String visitId, String rest) {
    return "{\"visit_id\":%1$s,\"event_time\":%3$s,\"user_id\":%2$s,\"page\":%2$s}"
        .formatted(visitId, rest, T);
  }

  @ParameterizedTest
  @ValueSource(strings = {"visit_id", "user_id", "page"})
  void rejectsOneCharacterMore(String field) {
    for (String text : new String[] {'"' + "é".repeat(4097) + '"', "1".repeat(4097)}) {
      String json = "{\"visit_id\":\"v\",\"event_time\":%s,\"%s\":%s}".formatted(T, field, text);

      assertEquals(
          rejection(Reason.TOO_LARGE, field + " has 4097 characters, 4096 at most", json),
          parse(json));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"context", "page"})
  void acceptsDeepestNesting(String lastWins) {
    // The visit itself is the first level.
    String json =
        "{\"visit_id\":\"v\",\"event_time\":%s,\"%s\":%s,\"page\":null}"
            .formatted(T, lastWins, nested(499));

    assertEquals(new Visit("v", T_MILLIS, null, null), parse(json));
  }

  @Test
  void rejectsOneLevelMore() {
    String message = "the value is nested deeper than 500 levels";
    String inAnObject = "{\"visit_id\":\"v\",\"a\":" + nested(500) + "}";
    String objects = "{\"a\":".repeat(501) + "1" + "}".repeat(501);
    String arrays = "[".repeat(1_000_000);

    assertEquals(
        Stream.of(inAnObject, objects, arrays)
            .map(json -> rejection(Reason.TOO_LARGE, message, json))
            .toList(),
        Stream.of(inAnObject, objects, arrays).map(VisitParserTest::parse).toList());
  }

  private static String nested(int levels) {
    return IntStream.range(0, levels)
        .mapToObj(i -> i % 2 == 0 ? "[" : "{\"a\":")
        .reduce("", String::concat)
        .concat("1")
        .concat(
            IntStream.range(0, levels)
                .mapToObj(i -> (levels - 1 - i) % 2 == 0 ? "]" : "}")
                .reduce("", String::concat));
  }

  @Test
  void acceptsLargestClockSkew() {
    assertEquals(
        new Visit("v", NOW.toEpochMilli() + 3_600_000, null, null),
        parse("{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T13:00:00.000999999Z\"}"));
  }

  @Test
  void rejectsOneMillisecondFurtherAhead() {
    String json = "{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T14:00:00.001+01:00\"}";

    assertEquals(
        rejection(
            Reason.FUTURE_EVENT_TIME,
            "event_time 2024-01-01T13:00:00.001Z is more than PT1H ahead of the wall clock",
            json),
        parse(json));
  }

  @Test
  void acceptsVisitOfAnyAge() {
    assertEquals(
        new Visit("v", -62_167_219_200_000L, null, null),
        parse("{\"visit_id\":\"v\",\"event_time\":\"0000-01-01T00:00:00Z\"}"));
  }
}
