package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.Reason;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Records as real producers write them now and then, and what each of them is. */
public final class OddRecords {
  private static final String TIME = "2024-01-01T00:18:00Z";
  private static final long MILLIS = 1_704_068_280_000L;
  private static final long HOUR = 3_600_000;

  /**
   * One of them.
   *
   * @param name what is odd about it
   * @param value its bytes
   * @param visitId of the visit that it is; null if it is none
   * @param millis the event time of the visit
   * @param reason why it is rejected, or null
   */
  public record OddRecord(
      String name, byte[] value, @Nullable String visitId, long millis, @Nullable Reason reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<OddRecord> all = new ArrayList<>();

  private OddRecords() {
    times();
    daylightSaving();
    ids();
    texts();
    objects();
    envelopes();
  }

  /** Returns all of them, in the order in which they are written to a topic. */
  public static List<OddRecord> all() {
    return List.copyOf(new OddRecords().all);
  }

  private void times() {
    time("leap day", "2024-02-29T23:59:59.999Z", 1_709_251_199_999L);
    noTime("no leap day", "2023-02-29T00:00:00Z");
    time("before 1970", "1969-12-31T23:59:59.999Z", -1);
    time("epoch", "1970-01-01T00:00:00Z", 0);
    time("year 1", "0001-01-01T00:00:00Z", -62_135_596_800_000L);
    time("year 0", "0000-01-01T00:00:00Z", -62_167_219_200_000L);
    time("before year 0 in UTC", "0000-01-01T00:00:00+01:00", -62_167_222_800_000L);
    time("offset of hours", "2024-01-01 00:18:00+00", MILLIS);
    time("no seconds", "2024-01-01T00:18Z", MILLIS);
    time("small letters", "2024-01-01t00:18:00z", MILLIS);
    noTime("hour 24", "2024-01-01T24:00:00Z");
    noTime("minus sign that is no hyphen", "2024-01-01T00:18:00\u221205:00");
    time("7 digits of a fraction", "2024-01-01T00:18:00.1234567Z", MILLIS + 123);
    time("9 digits", "2024-01-01T00:18:00.123456789+05:30", MILLIS + 123 - 5 * HOUR - HOUR / 2);
    noTime("10 digits", "2024-01-01T00:18:00.1234567890Z");
    time("minus zero", "2024-01-01T00:18:00-00:00", MILLIS);
    time("the easternmost zone", "2024-01-01T00:18:00+14:00", MILLIS - 14 * HOUR);
    noTime("further east than any zone", "2024-01-01T00:18:00+18:30");
    noTime("leap second", "2016-12-31T23:59:60Z");
    noTime("space behind it", TIME + " ");
    noTime("space in front of the offset", "2024-01-01 00:18:00 +0000");
    noTime("seconds since 1970 as a text", "1704068280");
    rejected(
        "seconds since 1970", visit("\"n\"", "1704068280", "\"p\"", ""), Reason.BAD_FIELD_TYPE);
    rejected(
        "milliseconds since 1970",
        visit("\"n\"", "1704068280000", "\"p\"", ""),
        Reason.BAD_FIELD_TYPE);
  }

  /** In a zone with daylight saving: an hour that there is twice, and one that there is not. */
  private void daylightSaving() {
    accepted(
        "autumn, first", at("autumn", "2024-10-27T02:30:00+02:00"), "autumn", 1_729_989_000_000L);
    accepted(
        "autumn, again", at("autumn", "2024-10-27T02:30:00+01:00"), "autumn", 1_729_992_600_000L);
    accepted("spring, before", at("spring", "2024-03-31T00:55:00Z"), "spring", 1_711_846_500_000L);
    accepted("spring, after", at("spring", "2024-03-31T01:05:00Z"), "spring", 1_711_847_100_000L);
  }

  private void ids() {
    id("above 2^53", "9007199254740993", "9007199254740993");
    id("30 digits", "123456789012345678901234567890", "123456789012345678901234567890");
    id("1.0", "1.0", "1.0");
    id("1e3", "1e3", "1e3");
    id(
        "emoji of three characters",
        "\"\ud83e\uddd1\u200d\ud83d\ude80\"",
        "\ud83e\uddd1\u200d\ud83d\ude80");
    id("composed accent", "\"caf\u00e9\"", "caf\u00e9");
    id("decomposed accent", "\"cafe\u0301\"", "cafe\u0301");
    id("like a session's key", "\"a@1\"", "a@1");
    id("NUL", "\"x\\u0000y\"", "x\0y");
    id("escaped letter", "\"k\\u0069m\"", "kim");
    id("the same unescaped", "\"kim\"", "kim");
    id("escaped emoji", "\"\\ud83d\\ude00\"", "\ud83d\ude00");
    id("the same emoji unescaped", "\"\ud83d\ude00\"", "\ud83d\ude00");
    rejected("object", visit("{\"$oid\":\"65920080f1d2c3b4a5968778\"}"), Reason.BAD_FIELD_TYPE);
    rejected("blank", visit("\" \\t\""), Reason.MISSING_VISIT_ID);
    id("no-break space", "\"\u00a0\"", "\u00a0");
  }

  private void texts() {
    rejected(
        "half a surrogate pair",
        visit("\"n\"", quoted(TIME), "\"cut \\ud83d\"", ""),
        Reason.NOT_JSON);
    field("half a surrogate pair in a field that is ignored", "\"cut \\ud83d\"");
    rejected(
        "bytes that are not UTF-8",
        concat(
            "{\"visit_id\":\"n\",\"event_time\":\"" + TIME + "\",\"title\":\"",
            HexFormat.of().parseHex("c328"),
            "\"}"),
        Reason.NOT_JSON);
    rejected("NaN", visit("\"n\"", quoted(TIME), "\"p\"", ",\"scroll\":NaN"), Reason.NOT_JSON);
    field("exponent of nine digits", "1e999999999");
    accepted(
        "control characters of a terminal",
        visit("\"ansi\"", quoted(TIME), "\"\\u001b[31m\u009b31m red\"", ""),
        "ansi",
        MILLIS);
  }

  private void objects() {
    accepted(
        "fields twice",
        "{\"visit_id\":\"first\",\"visit_id\":\"last\",\"event_time\":\"1999-01-01T00:00:00Z\",\"event_time\":\"%s\",\"page\":\"x\",\"page\":\"y\"}"
            .formatted(TIME)
            .getBytes(UTF_8),
        "last",
        MILLIS);
    accepted(
        "fields twice, first of a wrong type",
        "{\"visit_id\":7,\"event_time\":1,\"visit_id\":\"typed\",\"event_time\":\"%s\",\"page\":true,\"page\":null}"
            .formatted(TIME)
            .getBytes(UTF_8),
        "typed",
        MILLIS);
    accepted(
        "escaped name",
        "{\"visit\\u005fid\":\"named\",\"event_time\":\"%s\"}".formatted(TIME).getBytes(UTF_8),
        "named",
        MILLIS);
    rejected(
        "name in capitals",
        "{\"Visit_Id\":\"n\",\"event_time\":\"%s\"}".formatted(TIME).getBytes(UTF_8),
        Reason.MISSING_VISIT_ID);
    field("499 arrays in each other", "[".repeat(499) + "]".repeat(499));
    rejected(
        "500 arrays",
        visit("\"n\"", quoted(TIME), "\"p\"", ",\"x\":" + "[".repeat(500) + "]".repeat(500)),
        Reason.TOO_LARGE);
  }

  /** The text around an object. */
  private void envelopes() {
    accepted("byte order mark", concat("\ufeff", visit("\"bom\""), ""), "bom", MILLIS);
    rejected("UTF-16", new String(visit("\"n\""), UTF_8).getBytes(UTF_16), Reason.NOT_JSON);
    rejected("NUL behind it", concat("", visit("\"n\""), "\0"), Reason.NOT_JSON);
    accepted("line break", concat("", visit("\"crlf\""), "\r\n"), "crlf", MILLIS);
    rejected(
        "two objects",
        concat("", visit("\"n\""), "\n" + new String(visit("\"m\""), UTF_8)),
        Reason.NOT_JSON);
    rejected("array", concat("[", visit("\"n\""), "]"), Reason.NOT_AN_OBJECT);
    accepted(
        "header of a schema registry",
        concat("\0\0\0\0\u0001", visit("\"registry\""), ""),
        "registry",
        MILLIS);
    rejected(
        "header of a schema registry before Avro",
        concat("\0\0\0\0\u0001", "\u0002n(".getBytes(UTF_8), ""),
        Reason.NOT_JSON);
  }

  private void time(String name, String time, long millis) {
    accepted(name, at(name, time), name, millis);
  }

  private void noTime(String name, String time) {
    rejected(name, at(name, time), Reason.BAD_EVENT_TIME);
  }

  private void id(String name, String json, String visitId) {
    accepted(name, visit(json), visitId, MILLIS);
  }

  private void field(String name, String json) {
    accepted(name, visit(quoted(name), quoted(TIME), "\"p\"", ",\"x\":" + json), name, MILLIS);
  }

  private void accepted(String name, byte[] value, String visitId, long millis) {
    all.add(new OddRecord(name, value, visitId, millis, null));
  }

  private void rejected(String name, byte[] value, Reason reason) {
    all.add(new OddRecord(name, value, null, 0, reason));
  }

  private static byte[] at(String visitId, String time) {
    return visit(quoted(visitId), quoted(time), "\"p\"", "");
  }

  private static byte[] visit(String visitId) {
    return visit(visitId, quoted(TIME), "\"p\"", "");
  }

  /** All of them as JSON, and {@code more} behind them. */
  private static byte[] visit(String visitId, String time, String page, String more) {
    return "{\"visit_id\":%s,\"event_time\":%s,\"user_id\":\"u\",\"page\":%s%s}"
        .formatted(visitId, time, page, more)
        .getBytes(UTF_8);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static byte[] concat(String before, byte[] middle, String after) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(before.getBytes(UTF_8));
    all.writeBytes(middle);
    all.writeBytes(after.getBytes(UTF_8));
    return all.toByteArray();
  }
}
