package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.beam.sdk.util.CoderUtils;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Whatever the bytes, the parser decides, and rightly. */
class AnyBytesTest {
  private static final VisitParser PARSER =
      new VisitParser(
          1 << 20,
          Duration.ofDays(2),
          Clock.fixed(Instant.parse("9999-12-31T23:59:59Z"), ZoneOffset.UTC));

  private static final List<byte[]> SEEDS =
      List.of(
          utf8("{\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:18:00Z\"}"),
          utf8("{\"visit_id\":1.5,\"event_time\":\"2024-01-01 00:18:00,5\",\"page\":null}"),
          utf8("{\"event_time\":\"1969-12-31T23:59:59.999999+01:00\",\"visit_id\":\"\\u00e9😀\"}"),
          utf8(
              "{\"page\":\"€\",\"user_id\":7,\"visit_id\":\"é\",\"event_time\":\"0001-02-28T00:00:00\"}"),
          utf8(
              "{\"visit_id\":\"a\",\"a\":[1,{\"b\":[true]}],\"event_time\":\"2024-02-29T23:59:59+0530\","
                  + "\"user_id\":\"u\",\"page\":\"p\"}"),
          utf8(
              "{\"visit_id\":true,\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:18:00-18:00\"}"),
          utf8("\ufeff{\"visit_id\":\"v\",\"event_time\":\"2024-01-01t00:18+05\"}"),
          utf8("[\"visit_id\",\"event_time\",null,false,-0.0e+1]"));

  /** What a mutation inserts: pieces that matter to JSON, to UTF-8 or to dates. */
  private static final List<byte[]> PIECES =
      Stream.concat(
              Stream.of(
                      "\" \\ { } [ ] , : 0 1 9 - + . e Z null true NaN // /**/".split(" "),
                      "\\ud800 \\udc00 \\u0000 \ufeff \ufffd é 😀 \0".split(" "),
                      "\"visit_id\": \"event_time\": \"page\": \"v\",".split(" "),
                      new String[] {" ", "\n", "\"2024-01-01T00:18:00Z\""})
                  .flatMap(Arrays::stream)
                  .map(AnyBytesTest::utf8),
              Stream.of("c0", "80", "eda080", "f4908080", "ff").map(HexFormat.of()::parseHex))
          .toList();

  @Property(tries = 100)
  void mutatedVisitIsVisitOrRejection(@ForAll long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 900; i++) {
      assertDecidedRightly(mutated(random));
    }
  }

  @Property(tries = 10)
  void rejectsNoiseWithItsBytes(@ForAll long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 1_000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      assertDecidedRightly(noise);
    }
  }

  private static void assertDecidedRightly(byte[] bytes) throws Exception {
    byte[] before = bytes.clone();
    ParsedRecord parsed = PARSER.parse(bytes);

    Supplier<String> what = () -> HexFormat.of().formatHex(before) + " is " + parsed;
    assertTrue(Arrays.equals(before, bytes), what);
    OtherReading other = OtherReading.of(bytes);
    if (parsed instanceof Visit visit) {
      assertTrue(other != null && other.agreesWith(visit), what);
    } else if (parsed instanceof Rejection rejection) {
      assertNull(other, what);
      assertSame(bytes, rejection.value(), what);
    }
    byte[] coded = CoderUtils.encodeToByteArray(ParsedRecordCoder.of(), parsed);
    assertEquals(parsed, CoderUtils.decodeFromByteArray(ParsedRecordCoder.of(), coded), what);
  }

  private static byte[] mutated(SplittableRandom random) {
    byte[] bytes = pick(SEEDS, random);
    for (int mutations = random.nextInt(5); mutations > 0 && bytes.length > 0; mutations--) {
      int at = random.nextInt(bytes.length);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> flipped(bytes, at, 1 << random.nextInt(8));
            case 1 -> spliced(bytes, at, new byte[0], at + 1);
            case 2 -> spliced(bytes, at, pick(PIECES, random), at);
            case 3 -> spliced(bytes, at, new byte[0], random.nextInt(at, bytes.length) + 1);
            default -> {
              byte[] other = pick(SEEDS, random);
              int from = random.nextInt(other.length);
              int to = random.nextInt(from, other.length) + 1;
              yield spliced(bytes, at, Arrays.copyOfRange(other, from, to), at);
            }
          };
    }
    return bytes.clone();
  }

  private static byte[] flipped(byte[] bytes, int at, int bit) {
    byte[] flipped = bytes.clone();
    flipped[at] ^= (byte) bit;
    return flipped;
  }

  private static byte[] spliced(byte[] bytes, int to, byte[] middle, int from) {
    byte[] spliced = Arrays.copyOf(bytes, to + middle.length + bytes.length - from);
    System.arraycopy(middle, 0, spliced, to, middle.length);
    System.arraycopy(bytes, from, spliced, to + middle.length, bytes.length - from);
    return spliced;
  }

  private static byte[] pick(List<byte[]> choices, SplittableRandom random) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A second opinion, on well-formed text: a tree instead of a stream, and the JDK's own reading of
   * dates.
   */
  private record OtherReading(JsonNode visitId, long millis, JsonNode userId, JsonNode page) {
    private static final ObjectMapper MAPPER =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final DateTimeFormatter WITH_COLON = iso8601("[XXX]");
    private static final DateTimeFormatter WITHOUT_COLON = iso8601("[XX]");
    private static final DateTimeFormatter OF_HOURS = iso8601("[x]");

    static @Nullable OtherReading of(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (!Arrays.equals(bytes, utf8(text))) {
        return null;
      }
      try {
        JsonNode tree = MAPPER.readTree(text.replaceFirst("^\ufeff", ""));
        JsonNode id = tree.path("visit_id");
        JsonNode user = tree.path("user_id");
        JsonNode page = tree.path("page");
        return isText(id)
                && !id.asText().isBlank()
                && tree.path("event_time").isTextual()
                && (isText(user) || isNone(user))
                && (isText(page) || isNone(page))
            ? new OtherReading(id, millis(tree.path("event_time").asText()), user, page)
            : null;
      } catch (JsonProcessingException | DateTimeException e) {
        return null;
      }
    }

    boolean agreesWith(Visit visit) {
      return isTheSame(visitId, visit.visitId())
          && millis == visit.eventTimeMillis()
          && isTheSame(userId, visit.userId())
          && isTheSame(page, visit.page());
    }

    private static boolean isTheSame(JsonNode node, @Nullable String text) {
      if (isNone(node) || text == null) {
        return isNone(node) && text == null;
      }
      return node.isNumber()
          ? node.doubleValue() == Double.parseDouble(text)
          : node.asText().equals(text);
    }

    private static boolean isNone(JsonNode node) {
      return node.isMissingNode() || node.isNull();
    }

    private static boolean isText(JsonNode node) {
      String text = node.asText();
      return node.isNumber()
          || (node.isTextual() && text.equals(new String(utf8(text), StandardCharsets.UTF_8)));
    }

    /**
     * Reads {@code 2024-01-01T00:18:00.5+01:00}; other letters and signs stand for T, Z and dot.
     */
    private static long millis(String text) {
      String strict =
          text.replaceFirst("^(.{10})[t ]", "$1T")
              .replaceFirst("z$", "Z")
              .replaceFirst("^(.{19}),", "$1.");
      DateTimeFormatter formatter =
          strict.matches(".*[+-]..:..")
              ? WITH_COLON
              : strict.matches(".*:.*[+-]..") ? OF_HOURS : WITHOUT_COLON;
      return formatter.parse(strict, Instant::from).toEpochMilli();
    }

    private static DateTimeFormatter iso8601(String offset) {
      return new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR, 4)
          .appendPattern("-MM-dd'T'HH:mm")
          .optionalStart()
          .appendPattern(":ss")
          .optionalStart()
          .appendLiteral('.')
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, false)
          .optionalEnd()
          .optionalEnd()
          .appendPattern(offset)
          .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);
    }
  }
}
