package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Every instant of the years 0000 to 9999 is read as what it is, and nothing else is read. */
class AnyEventTimeTest {
  private static final long YEAR_0000 = -62_167_219_200_000L;
  private static final long YEAR_9999 = 253_402_300_799_999L;

  /** The characters that a mutation inserts: those of a time, and similar ones. */
  private static final String[] PIECES =
      "0 1 9 T Z t z + - : . , :00 00:00 Z+00:00 \u2212 \u0662 \uff10 \u20ac [UTC]".split(" ");

  @Property(tries = 2_000)
  void readsWhatAnInstantPrints(@ForAll @LongRange(min = YEAR_0000, max = YEAR_9999) long millis)
      throws Exception {
    assertEquals(
        millis, EventTime.parseMillis("event_time", Instant.ofEpochMilli(millis).toString()));
  }

  @Property(tries = 2_000)
  void offsetDoesNotChangeInstant(
      @ForAll @LongRange(min = YEAR_0000 + 64_800_000, max = YEAR_9999 - 64_800_000) long millis,
      @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int offsetMinutes)
      throws Exception {
    Instant local = Instant.ofEpochMilli(millis).plusSeconds(offsetMinutes * 60L);
    int minutes = Math.abs(offsetMinutes);
    String sign = offsetMinutes < 0 ? "-" : "+";
    String text = local.toString().replace("Z", "");

    if (minutes % 60 == 0) {
      assertEquals(
          millis,
          EventTime.parseMillis("event_time", text + sign + "%02d".formatted(minutes / 60)));
    }

    assertEquals(
        millis,
        EventTime.parseMillis(
            "event_time", "%s%s%02d:%02d".formatted(text, sign, minutes / 60, minutes % 60)));
    assertEquals(
        millis,
        EventTime.parseMillis(
            "event_time", "%s%s%02d%02d".formatted(text, sign, minutes / 60, minutes % 60)));
  }

  @Property(tries = 1_000)
  void agreesWithSecondParser(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 100; i++) {
      String text = mutated(anyTime(random), random);
      assertEquals(OtherReading.of(text), reading(text), text);
    }
  }

  @Property(tries = 1_000)
  void readsBytesLikeText(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    EventTimeReader reader = new EventTimeReader();
    String time = anyTime(random);
    for (int i = 0; i < 100; i++) {
      time = random.nextInt(3) == 0 ? anyTime(random) : time;
      String text = mutated(time, random);
      byte[] bytes = ("..." + text + "Z0").getBytes(StandardCharsets.UTF_8);
      long millis = reader.millis(bytes, 3, bytes.length - 2);
      if (millis == EventTimeReader.NONE) {
        assertFalse(reading(text).endsWith(" ms"), text);
      } else {
        assertEquals(reading(text), millis + " ms", text);
      }
    }
  }

  private static String reading(String text) {
    try {
      return EventTime.parseMillis("event_time", text) + " ms";
    } catch (RejectedVisitException e) {
      return e.getMessage();
    }
  }

  /** Of the right shape; that day, second or offset may not exist. */
  private static String anyTime(SplittableRandom random) {
    return "%04d-%02d-%02d%s%02d:%02d%s%s"
        .formatted(
            random.nextInt(10_000),
            random.nextInt(14),
            random.nextInt(33),
            pick(random, "T", "t", " "),
            random.nextInt(25),
            random.nextInt(61),
            pick(random, "", ":%02d".formatted(random.nextInt(61)) + anyFraction(random)),
            anyOffset(random));
  }

  private static String anyFraction(SplittableRandom random) {
    String digits = "%09d".formatted(random.nextInt(1_000_000_000));
    return pick(random, "", pick(random, ".", ",") + digits.substring(random.nextInt(9)));
  }

  private static String anyOffset(SplittableRandom random) {
    String colon = pick(random, "", ":");
    String offset = "%02d%s%02d".formatted(random.nextInt(20), colon, random.nextInt(61));
    String hours = "%02d".formatted(random.nextInt(20));
    return pick(random, "", "Z", "z", "+" + offset, "-" + offset, "+" + hours, "-" + hours);
  }

  private static String mutated(String time, SplittableRandom random) {
    StringBuilder text = new StringBuilder(time);
    for (int mutations = random.nextInt(3); mutations > 0 && !text.isEmpty(); mutations--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, pick(random, PIECES));
        default -> text.replace(at, at + 1, pick(random, PIECES));
      }
    }
    return text.toString();
  }

  private static String pick(SplittableRandom random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** A second opinion: the shape by a regular expression. */
  private static final class OtherReading {
    private static final Pattern ISO_8601 =
        Pattern.compile(
            "(\\d{4})-(\\d{2})-(\\d{2})[Tt ](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?"
                + "(?:[Zz]|([+-]\\d{2})(?::?(\\d{2}))?)?");

    static String of(String text) {
      String rejection =
          "event_time \"%s\" is not an ISO-8601 date and time such as 2024-01-01T00:18:00+00:00"
              .formatted(text);
      Matcher time = ISO_8601.matcher(text);
      if (!time.matches()) {
        return rejection;
      }
      try {
        LocalDateTime local =
            LocalDateTime.of(
                number(time, 1),
                number(time, 2),
                number(time, 3),
                number(time, 4),
                number(time, 5),
                number(time, 6),
                nanos(time.group(7)));
        return local.toInstant(offset(time.group(8), time.group(9))).toEpochMilli() + " ms";
      } catch (DateTimeException e) {
        return rejection + " (" + e.getMessage() + ")";
      }
    }

    private static int number(Matcher time, int group) {
      return time.group(group) == null ? 0 : Integer.parseInt(time.group(group));
    }

    private static int nanos(String fraction) {
      return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    }

    private static ZoneOffset offset(String hours, String minutes) {
      return hours == null
          ? ZoneOffset.UTC
          : ZoneOffset.ofHoursMinutes(
              Integer.parseInt(hours),
              minutes == null ? 0 : Integer.parseInt(hours.charAt(0) + minutes));
    }
  }
}
