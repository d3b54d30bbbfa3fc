package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.generator.GeneratedVisit.Category;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class VisitGeneratorTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final TrafficMix SOME_OF_EACH = new TrafficMix(5, 2, 3, 1);

  @Nested
  class Format {
    @Test
    void bytesOfSeedNeverChange() {
      var checksum = new CRC32C();
      for (GeneratedVisit visit : generate(10_000, 100, SOME_OF_EACH)) {
        checksum.update(visit.key());
        checksum.update(visit.value());
      }

      assertEquals("f6ad3952", Long.toHexString(checksum.getValue()));
    }

    @Test
    void visitHasUpstreamFormat() throws IOException {
      for (GeneratedVisit visit : generate(2_000, 50, TrafficMix.ALL_ON_TIME)) {
        JsonNode json = JSON.readTree(visit.value());
        JsonNode context = json.get("context");
        String visitId = json.get("visit_id").textValue();
        String eventTime = json.get("event_time").textValue();

        assertEquals(
            List.of("visit_id", "event_time", "user_id", "keep_private", "page", "context"),
            names(json));
        assertEquals(List.of("referral", "ad_id", "user", "technical"), names(context));
        assertEquals(List.of("ip", "login", "connected_since"), names(context.get("user")));
        assertEquals(
            List.of("browser", "browser_version", "network_type", "device_type", "device_version"),
            names(context.get("technical")));
        assertTrue(visitId.matches("\\d{15}_\\d+"), visitId);
        assertEquals(visitId, new String(visit.key(), UTF_8));
        assertTrue(
            json.get("user_id").textValue().startsWith(visitId.replaceFirst("_.*", "_")),
            json.toString());
        assertTrue(json.get("keep_private").isBoolean());
        assertTrue(
            json.get("page")
                .textValue()
                .matches("index|home|main|contact|category_([1-9]|1\\d|20)|article_\\d+"));
        assertTrue(eventTime.matches("2024-01-01T\\d\\d:\\d\\d:\\d\\d\\+00:00"), eventTime);
        assertEquals(
            visit.eventTimeMillis(), OffsetDateTime.parse(eventTime).toInstant().toEpochMilli());
      }
    }

    @Test
    void someVisitsHaveAdId() throws IOException {
      Set<String> ads = new HashSet<>();
      for (GeneratedVisit visit : generate(1_000, 100, TrafficMix.ALL_ON_TIME)) {
        ads.add(JSON.readTree(visit.value()).at("/context/ad_id").textValue());
      }

      assertTrue(ads.contains(null) && ads.contains("ad 1"), ads.toString());
    }
  }

  @Nested
  class Visitors {
    @Test
    void visitorsViewPagesInStepsAndPauses() {
      int steps = 0;
      int pauses = 0;
      for (List<Long> seconds : secondsByVisitId(50_000).values()) {
        for (int i = 1; i < seconds.size(); i++) {
          long step = seconds.get(i) - seconds.get(i - 1);
          boolean pause = step >= 17 * 60 && step <= 40 * 60;
          assertTrue(pause || (step >= 60 && step <= 300), step + " s");
          steps++;
          pauses += pause ? 1 : 0;
        }
      }

      assertEquals(0.03, (double) pauses / steps, 0.005);
    }

    @Test
    void visitIdHasFiveToTwentyVisits() {
      Map<String, List<Long>> visitIds = secondsByVisitId(50_000);
      long end = visitIds.values().stream().mapToLong(v -> v.get(v.size() - 1)).max().orElseThrow();

      for (List<Long> seconds : visitIds.values()) {
        boolean mayContinue = seconds.get(seconds.size() - 1) >= end - 40 * 60;
        assertTrue(
            seconds.size() <= 20 && (mayContinue || seconds.size() >= 5), seconds.toString());
      }
    }

    @Test
    void newVisitIdStartsAtCurrentTime() {
      List<Long> starts =
          secondsByVisitId(50_000).values().stream().map(seconds -> seconds.get(0)).toList();

      assertEquals(starts.stream().sorted().toList(), starts);
      assertEquals(START.getEpochSecond(), starts.get(0));
      assertTrue(starts.get(99) < START.getEpochSecond() + 300, "visitors arrive spread out");
      assertTrue(starts.get(starts.size() - 1) > START.getEpochSecond() + 20 * 3600);
    }
  }

  @Nested
  class Mix {
    @Test
    void followsRequestedPercentages() {
      Map<Category, Integer> counts = new EnumMap<>(Category.class);
      generate(100_000, 500, SOME_OF_EACH).forEach(v -> counts.merge(v.kind(), 1, Integer::sum));

      assertEquals(5_000, counts.get(Category.OUT_OF_ORDER), 300);
      assertEquals(2_000, counts.get(Category.LATE), 200);
      assertEquals(3_000, counts.get(Category.DUPLICATE), 200);
      assertEquals(1_000, counts.get(Category.MALFORMED), 150);
    }

    @Test
    void halfOfLateVisitsAreTooLate() {
      long newest = 0;
      int slightly = 0;
      int very = 0;
      for (GeneratedVisit visit : generate(100_000, 500, new TrafficMix(0, 5, 0, 0))) {
        newest = Math.max(newest, visit.eventTimeMillis());
        long minutes = (newest - visit.eventTimeMillis()) / 60_000;
        slightly += minutes >= 2 && minutes <= 25 ? 1 : 0;
        very += minutes >= 45 && minutes <= 180 ? 1 : 0;
      }

      assertEquals(5_000, slightly + very, 500);
      assertEquals(slightly, very, 1_500);
    }

    @Test
    void shortTrafficHasLateVisits() {
      long late =
          generate(2_000, 100, new TrafficMix(0, 5, 0, 0)).stream()
              .filter(visit -> visit.kind() == Category.LATE)
              .count();

      assertTrue(late >= 40 && late <= 120, late + " of 100");
    }

    @Test
    void corruptionsTakeTurns() {
      Set<String> lengths = new HashSet<>();
      List<GeneratedVisit> malformed = generate(18, 1, new TrafficMix(0, 0, 0, 100));
      for (int i = 0; i < 9; i++) {
        String value = new String(malformed.get(i).value(), UTF_8);
        String again = new String(malformed.get(i + 9).value(), UTF_8);
        assertEquals(value.isEmpty(), again.isEmpty());
        assertEquals(value.startsWith("["), again.startsWith("["));
        assertEquals(value.contains("yesterday"), again.contains("yesterday"));
        lengths.add(value);
      }

      assertEquals(9, lengths.size());
    }
  }

  @Nested
  class End {
    @Test
    void endlessTrafficContinues() {
      var visits = new VisitGenerator(new Traffic(Traffic.ENDLESS, 10, START, 1, SOME_OF_EACH));
      for (int i = 0; i < 10_000; i++) {
        visits.next();
      }

      assertTrue(visits.hasNext());
    }

    @Test
    void endsAfterLastVisit() {
      var visits = new VisitGenerator(new Traffic(0, 10, START, 1, SOME_OF_EACH));

      assertFalse(visits.hasNext());
      assertThrows(NoSuchElementException.class, visits::next);
    }
  }

  private static Map<String, List<Long>> secondsByVisitId(long visits) {
    Map<String, List<Long>> seconds = new LinkedHashMap<>();
    for (GeneratedVisit visit : generate(visits, 100, TrafficMix.ALL_ON_TIME)) {
      seconds
          .computeIfAbsent(new String(visit.key(), UTF_8), id -> new ArrayList<>())
          .add(visit.eventTimeMillis() / 1000);
    }
    return seconds;
  }

  private static List<GeneratedVisit> generate(long visits, int visitors, TrafficMix mix) {
    List<GeneratedVisit> generated = new ArrayList<>();
    new VisitGenerator(new Traffic(visits, visitors, START, 1, mix))
        .forEachRemaining(generated::add);
    return generated;
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
