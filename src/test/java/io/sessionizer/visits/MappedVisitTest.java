package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.TopicRecord;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Visits in other shapes. */
class MappedVisitTest {
  private static final String TIME = "2024-01-01T00:18:00Z";

  private static InputFormat format(Set<String> missing, String... flags) {
    Map<String, String> values = new TreeMap<>();
    for (String flag : flags) {
      values.put(flag.replaceFirst("=.*", ""), flag.replaceFirst("^[^=]*=", ""));
    }
    List<String> problems = new ArrayList<>();
    InputFormat format = InputFormat.read(values, missing, problems);
    assertEquals(List.of(), problems);
    return format;
  }

  private static VisitParser parser(InputFormat format) {
    return new VisitParser(format, 1 << 20, Duration.ofHours(1), Clock.systemUTC());
  }

  private static String text(ParsedRecord parsed) {
    if (parsed instanceof Visit visit) {
      return String.join(
          " | ",
          visit.visitId(),
          Instant.ofEpochMilli(visit.eventTimeMillis()).toString(),
          String.valueOf(visit.userId()),
          String.valueOf(visit.page()));
    }
    return parsed instanceof Rejection rejection
        ? rejection.reason() + ": " + rejection.message()
        : "filtered";
  }

  private static String read(String json, String... flags) {
    return text(parser(format(Set.of(), flags)).parse(json.replace('\'', '"').getBytes(UTF_8)));
  }

  @Test
  void sequenceIsNumberOrTextOfNumber() {
    VisitParser parser = parser(format(Set.of(), "--sequenceField=seq", "--eventIdField=/id"));
    Map<String, BigDecimal> sequences = new HashMap<>();
    for (String value : List.of("7.50", "'12'", "'-1e2'", "'x'", "'07'", "true", "null", "' 1'")) {
      String json = "{'visit_id':'v','event_time':'" + TIME + "','id':'e','seq':" + value + "}";
      Visit visit = (Visit) parser.parse(json.replace('\'', '"').getBytes(UTF_8));
      assertEquals("e", visit.fields().value(ProjectedFields.EVENT_ID));
      sequences.put(value, (BigDecimal) visit.fields().value(ProjectedFields.SEQUENCE));
    }
    sequences.values().removeIf(Objects::isNull);
    assertEquals(
        Map.of(
            "7.50",
            new BigDecimal("7.5"),
            "'12'",
            new BigDecimal(12),
            "'-1e2'",
            new BigDecimal(-100)),
        sequences);
  }

  private static String page(String json, String field) {
    String visit =
        read("{'visit_id':'v','event_time':'" + TIME + "'," + json + "}", "--pageField=" + field);
    return visit.replace("v | " + TIME + " | null | ", "");
  }

  private static String time(String value, String... flags) {
    String visit = read("{'visit_id':'v','event_time':" + value + "}", flags);
    return visit.replace("v | ", "").replace(" | null | null", "");
  }

  private static boolean matches(String json, String condition) {
    String visit =
        read("{'visit_id':'v','event_time':'" + TIME + "'," + json + "}", "--where=" + condition);
    return !visit.equals("filtered");
  }

  @Nested
  class Fields {
    @Test
    void comeFromNestedMembers() {
      assertEquals(
          "d | 2024-01-01T00:18:00Z | u | /p",
          read(
              "{'context':{'page':{'path':'/p'},'ids':['x','d']},'user':{'id':'u'},'ts':'"
                  + TIME
                  + "'}",
              "--visitIdField=/context/ids/1",
              "--eventTimeField=ts",
              "--userIdField=/user/id",
              "--pageField=/context/page/path"));
    }

    @Test
    void comeFromFirstAlternativeThatIsThere() {
      assertEquals("b", page("'a':null,'b':'b','c':'c'", "a,b,c"));
      assertEquals("c", page("'c':'c'", "a,b,c"));
      assertEquals("null", page("'d':'c'", "a,b,c"));
      assertEquals("", page("'a':'','c':'c'", "a,b,c"));
    }

    @Test
    void malformedAlternativeIsNotSkipped() {
      assertEquals(
          "BAD_FIELD_TYPE: a,b must be a text or a number, not an object",
          page("'a':{},'b':'b'", "a,b"));
    }

    @Test
    void areJoinedIfAllAreThere() {
      assertEquals("a:b", page("'a':'a','b':'b'", "a+b"));
      assertEquals("null", page("'a':'a'", "a+b"));
      assertEquals("a\\:\\\\:7", page("'a':'a:\\\\','b':7", "a+b"));
      assertEquals("A:b", page("'a':'a','b':'B','c':'A'", "x,c+lower(b)"));
    }

    @Test
    void comeFromElementWithKey() {
      String parameters =
          "'p':[{'key':'x','value':{'text':'no'}},{'value':{'text':'yes'},'key':'page'},"
              + "{'key':'page','value':{'text':'second'}},7,{'key':null}]";
      assertEquals("yes", page(parameters, "/p[key=page]/value/text"));
      assertEquals("null", page(parameters, "/p[key=other]/value/text"));
      assertEquals("yes", page(parameters, "/p/1/value/text,/p[key=page]/value/text"));
      assertEquals("no:yes", page(parameters, "/p[key=x]/value/text+/p[key=page]/value/text"));
      assertEquals(
          "null", page("'p':{'key':'page','value':{'text':'x'}}", "/p[key=page]/value/text"));
      assertEquals("x", page("'p':[{'key':'p\\u0061ge','v':'x'}]", "/p[key=page]/v"));
      assertEquals("x", page("'p':[['b'],{'0':'b','v':'x'}]", "/p[0=b]/v"));
      assertEquals("null", page("'p':[['b']]", "/p[0=b]"));
    }

    @Test
    void rejectionNamesFieldAsWritten() {
      assertEquals(
          "MISSING_VISIT_ID: /a/b,c is missing or null",
          read("{'event_time':'" + TIME + "'}", "--visitIdField=/a/b,c"));
      assertEquals(
          "MISSING_EVENT_TIME: date+time is missing or null",
          read("{'visit_id':'v','date':'2024-01-01'}", "--eventTimeField=date+time"));
      assertEquals(
          "BAD_EVENT_TIME: ts \"noon\" is not an ISO-8601 date and time such as"
              + " 2024-01-01T00:18:00+00:00",
          read("{'visit_id':'v','ts':'noon'}", "--eventTimeField=ts"));
    }

    @Test
    void textsMayStandForMissing() {
      VisitParser parser =
          parser(format(Set.of("", "-"), "--visitIdField=a,b", "--pageField=none"));
      assertEquals(
          "v | 2024-01-01T00:18:00Z | null | null",
          text(
              parser.parse(
                  "{\"a\":\"-\",\"b\":\"v\",\"event_time\":\"%s\",\"user_id\":\"\",\"page\":\"p\"}"
                      .formatted(TIME)
                      .getBytes(UTF_8))));
    }

    @Test
    void lowerCaseIsThatOfUnicode() {
      assertEquals("/a-z09", page("'a':'/A-Z09'", "lower(a)"));
      assertEquals("\u00e9\u03c9", page("'a':'\u00c9\u03a9'", "lower(a)"));
      assertEquals("null", page("'a':null", "lower(a)"));
    }
  }

  @Nested
  class Urls {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            https://u@example.com:8080/a%20b/c?q=1#f|/a b/c
            https://example.com|/
            https://example.com?q=1|/
            //example.com/x|/x
            /x/y?z|/x/y
            x?y|x
            ''|''
            /%e2%82%ac|€
            /%e2%82|/%e2%82
            /100%|/100%
            /a+b%2Bc|/a+b+c
            mailto:x|mailto:x
            """)
    void havePath(String url, String path) {
      assertEquals(path.startsWith("€") ? "/" + path : path, page("'u':'" + url + "'", "path(u)"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            https://u:p@example.com:8080/a|example.com
            HTTP://Example.com|Example.com
            //example.com?x|example.com
            https://[::1]:80/|[::1]
            /x|null
            https:///x|null
            """)
    void haveHost(String url, String host) {
      assertEquals(host, page("'u':'" + url + "'", "host(u)"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            /x?utm_campaign=a%26b+c&utm_campaign=2|a&b c
            /x?a=1&utm%5Fcampaign=2#utm_campaign=3|2
            /x?utm_campaign|''
            /x?utm_campaign=a=b|a=b
            /x?xutm_campaign=1&utm_campaigns=2|null
            /x#?utm_campaign=1|null
            /x|null
            """)
    void haveParameters(String url, String value) {
      assertEquals(value, page("'u':'" + url + "'", "query(u,utm_campaign)"));
    }
  }

  @Nested
  class Times {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            seconds|1704068280|2024-01-01T00:18:00Z
            seconds|'1704068280.1239'|2024-01-01T00:18:00.123Z
            seconds|1.70406828e9|2024-01-01T00:18:00Z
            seconds|1704068280.5e0|2024-01-01T00:18:00.500Z
            seconds|"000001704068280"|2024-01-01T00:18:00Z
            millis|1704068280123|2024-01-01T00:18:00.123Z
            millis|1704068280123.999|2024-01-01T00:18:00.123Z
            micros|"1704068280123999"|2024-01-01T00:18:00.123Z
            nanos|1704068280123999999|2024-01-01T00:18:00.123Z
            nanos|1704068280123999999.5|2024-01-01T00:18:00.123Z
            nanos|17040682801239999990e-1|2024-01-01T00:18:00.123Z
            """)
    void areNumbersOfAnyUnit(String unit, String value, String time) {
      assertEquals(time, time(value, "--eventTimeFormat=epoch-" + unit));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            millis|1704068280|event_time "1704068280" in epoch-millis is before 1990; in epoch-seconds it is 2024-01-01T00:18:00Z
            seconds|1704068280123|event_time "1704068280123" in epoch-seconds is after the year 9999; in epoch-millis it is 2024-01-01T00:18:00.123Z
            seconds|0|event_time "0" in epoch-seconds is before 1990
            seconds|-1|event_time "-1" in epoch-seconds is before 1990
            seconds|1e999999999|event_time "1e999999999" in epoch-seconds is after the year 9999
            seconds|1e-999999999|event_time "1e-999999999" in epoch-seconds is before 1990
            seconds|1e99999999999|event_time "1e99999999999" is not a number of epoch-seconds
            seconds|"1e9"|event_time "1e9" is not a number of epoch-seconds
            seconds|"1."|event_time "1." is not a number of epoch-seconds
            seconds|""|event_time "" is not a number of epoch-seconds
            """)
    void ofAnotherUnitAreRejected(String unit, String value, String message) {
      assertEquals("BAD_EVENT_TIME: " + message, time(value, "--eventTimeFormat=epoch-" + unit));
    }

    @Test
    void areJoinedByBlank() {
      assertEquals(
          "v | 2024-01-01T00:18:00Z | null | null",
          read(
              "{'visit_id':'v','date':'2024-01-01','time':'00:18:00'}",
              "--eventTimeField=date+time"));
    }

    @Test
    void followPatterns() {
      String pattern = "--eventTimeFormat=pattern:dd/MMM/yyyy:HH:mm:ss Z";
      assertEquals("2023-12-31T23:18:00Z", time("'01/Jan/2024:00:18:00 +0100'", pattern));
      assertEquals(
          "BAD_EVENT_TIME: event_time \"31/Feb/2024:00:18:00 +0100\" is not a time of"
              + " pattern:dd/MMM/yyyy:HH:mm:ss Z: Text '31/Feb/2024:00:18:00 +0100' could not be"
              + " parsed: Invalid date 'FEBRUARY 31'",
          time("'31/Feb/2024:00:18:00 +0100'", pattern));
      assertEquals(
          "2024-01-01T00:18:00Z",
          time("20240101001800", "--eventTimeFormat=pattern:yyyyMMddHHmmss"));
      assertEquals(
          "2024-01-01T00:18:00Z",
          time("'2024-01-01 00:18'", "--eventTimeFormat=pattern:uuuu-MM-dd HH:mm"));
      assertEquals("2024-01-01T00:00:00Z", time("'1.1.24'", "--eventTimeFormat=pattern:d.M.yy"));
      assertEquals(
          "2024-01-01T12:18:00.123Z",
          time(
              "'Jan 1, 2024 12:18:00.123456 PM'",
              "--eventTimeFormat=pattern:MMM d, yyyy hh:mm:ss.SSSSSS a"));
      assertEquals(
          "BAD_EVENT_TIME: event_time \"00:18\" has no date by pattern:HH:mm",
          time("'00:18'", "--eventTimeFormat=pattern:HH:mm"));
    }

    @Test
    void withoutZoneAreOfTheZone() {
      String zone = "--eventTimeZone=Europe/Paris";
      assertEquals("2024-07-01T10:00:00.500Z", time("'2024-07-01T12:00:00.500'", zone));
      assertEquals("2024-07-01T12:00:00Z", time("'2024-07-01T12:00:00Z'", zone));
      assertEquals("2024-07-01T11:00:00Z", time("'2024-07-01T12:00:00+01'", zone));
      assertEquals(
          "2024-10-27T00:30:00Z",
          time("'2024-10-27 02:30'", zone, "--eventTimeFormat=pattern:yyyy-MM-dd HH:mm"));
      assertEquals("2024-10-27T00:30:00Z", time("'2024-10-27 02:30'", zone));
      assertEquals(
          "BAD_EVENT_TIME: event_time \"2024-03-31 02:30\" does not exist in Europe/Paris, where"
              + " clocks were set forward",
          time("'2024-03-31 02:30'", zone));
    }

    @Test
    void haveTypes() {
      assertEquals(
          "BAD_FIELD_TYPE: event_time must be a text or a number, not true",
          time("true", "--eventTimeFormat=epoch-millis"));
      assertEquals("BAD_FIELD_TYPE: event_time must be a text, not a number (\"7\")", time("7"));
    }
  }

  @Nested
  class Conditions {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            a = "x"|true
            a = "y"|false
            a != "y"|true
            missing != "y"|true
            missing = null and none = null and o = null|true
            a = null|false
            a < "y" and a >= "x" and not a > "x"|true
            n = 1 and n = 1.0 and n <= 1e0|true
            n = "1"|false
            n < 0.5 or n > 1|false
            big = null and not big > 1|true
            t = true and t != false|true
            t = "true"|false
            a in ("y", 1, "x")|true
            n in (2, 3)|false
            text contains "b/" and text startsWith "a" and text endsWith ("c", "d")|true
            text contains ("x", "y")|false
            a contains "xx" or a endsWith "xx" or a startsWith "xx"|false
            lower(upper) = "abc"|true
            path(url) startsWith "/p"|true
            astral > "\\ud83c" or a = "z"|true
            """)
    void areTrueOrFalse(String condition, String expected) {
      if (condition.contains("\\ud83c")) {
        condition = "astral < \"\uff5e\""; // by UTF-16 unit, not by code point
      }
      assertEquals(
          Boolean.valueOf(expected),
          matches(
              "'a':'x','none':null,'o':{},'n':1.00,'big':1e99,'t':true,'text':'ab\\/c',"
                  + "'upper':'ABC','url':'http://h/p','astral':'\ud83d\ude00'",
              condition));
    }

    @Test
    void filterBeforeRequiredFields() {
      assertEquals("filtered", read("{'type':'ping'}", "--where=type = 'page'"));
      assertEquals(
          "MISSING_VISIT_ID: visit_id is missing or null",
          read("{'type':'page'}", "--where=type = 'page'"));
    }
  }

  @Nested
  class Events {
    private static final String EVENT =
        "{'visit_id':'v','event_time':'" + TIME + "','page':'p','more':{'a':'b'}}";

    private static String quoted(String json) {
      return "'" + json.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Test
    void mayBeObjectsOrTexts() {
      String visit = "v | 2024-01-01T00:18:00Z | null | b";
      String[] flags = {"--recordField=/payload", "--pageField=/more/a"};
      assertEquals(visit, read("{'schema':null,'payload':" + EVENT + "}", flags));
      assertEquals(visit, read("{'payload':" + quoted(EVENT) + ",'page':'no'}", flags));
      assertEquals(
          visit, read("{'payload':" + quoted(EVENT.replace("more", "m\\u006fre")) + "}", flags));
    }

    @Test
    void mayBeInBase64() {
      String coded = Base64.getEncoder().encodeToString(EVENT.replace('\'', '"').getBytes(UTF_8));
      assertEquals(
          "v | 2024-01-01T00:18:00Z | null | p",
          read("{'data':'" + coded + "'}", "--recordField=base64:data"));
      assertEquals(
          "NOT_JSON: the text of base64:data is not Base64: Illegal base64 character 7b",
          read("{'data':'{}'}", "--recordField=base64:data"));
    }

    @Test
    void mustBeThere() {
      assertEquals(
          "NOT_AN_OBJECT: the event at /payload is missing or null, not an object or a text",
          read("{'payload':null}", "--recordField=/payload"));
      assertEquals(
          "NOT_JSON: the text of /payload is not JSON at line 1, column 1: Unrecognized token 'x':"
              + " was expecting (JSON String, Number, Array, Object or token 'null', 'true' or"
              + " 'false')",
          read("{'payload':'x'}", "--recordField=/payload"));
      assertEquals(
          "NOT_AN_OBJECT: the text of /payload is an array, not an object",
          read("{'payload':'[]'}", "--recordField=/payload"));
    }

    @Test
    void textsMayBeJson() {
      String[] flags = {"--jsonText=properties", "--pageField=/properties/page,/properties/x/0"};
      String rest = ",'visit_id':'v','event_time':'" + TIME + "'}";
      String visit = "v | 2024-01-01T00:18:00Z | null | p";
      assertEquals(visit, read("{'properties':'{\\'page\\':\\'p\\'}'" + rest, flags));
      assertEquals(visit, read("{'properties':'{\\'x\\':[\\'p\\']}'" + rest, flags));
      assertEquals(visit, read("{'properties':{'page':'p'}" + rest, flags));
      assertEquals(visit.replace("p", "null"), read("{'properties':null" + rest, flags));
      assertEquals(
          visit.replace("| p", "| caf\u00e9\""),
          read("{'properties':'{\\'page\\':\\'caf\\\\u00e9\\\\\\'\\'}'" + rest, flags));
    }

    @Test
    void mayFollowSchemaId() {
      String json = "{\"visit_id\":\"v\",\"event_time\":\"" + TIME + "\"}";
      byte[] value = ("\0\0\0\1\7" + json).getBytes(UTF_8);
      assertEquals(
          "v | 2024-01-01T00:18:00Z | null | null", text(parser(InputFormat.DEFAULT).parse(value)));
    }
  }

  @Nested
  class KafkaFields {
    private static String read(byte[] key, long timestamp, List<TopicRecord.Header> headers) {
      return text(
          parser(
                  format(
                      Set.of(),
                      "--visitIdField=kafka:key,id",
                      "--eventTimeField=ts,kafka:timestamp",
                      "--eventTimeFormat=epoch-seconds",
                      "--pageField=path(kafka:header:url)"))
              .parse(
                  "{\"id\":\"v\"}".getBytes(UTF_8),
                  RecordHead.of(new TopicRecord(key, null, headers), timestamp)));
    }

    @Test
    void areOutsideOfValue() {
      assertEquals(
          "k\u00e9 | 2024-01-01T00:18:00.001Z | null | /b",
          read(
              "k\u00e9".getBytes(UTF_8),
              1_704_068_280_001L,
              List.of(
                  new TopicRecord.Header("url", "/a".getBytes(UTF_8)),
                  new TopicRecord.Header("url", "/b?c".getBytes(UTF_8)))));
    }

    @Test
    void mayBeMissing() {
      assertEquals(
          "v | 2024-01-01T00:18:00Z | null | null", read(null, 1_704_068_280_000L, List.of()));
      assertEquals(
          "MISSING_EVENT_TIME: ts,kafka:timestamp is missing or null", read(null, -1, List.of()));
    }

    @Test
    void mustBeUtf8() {
      assertEquals(
          "BAD_FIELD_TYPE: kafka:key,id must be a text or a number, not bytes that are not UTF-8",
          read(new byte[] {(byte) 0xFF}, 1_704_068_280_000L, List.of()));
    }
  }
}
