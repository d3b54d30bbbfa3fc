package io.sessionizer.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Two visit ids whose sessions are larger than a topic accepts, beside one of a person: a crawler
 * that views 10,000 pages, one a second, and a burst of 600 long pages in one millisecond.
 */
public final class LargeSessions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2024-01-01T00:00:00Z");
  private static final String FIRST = "@" + START.toEpochMilli();

  private LargeSessions() {}

  public static void write(TestKafka kafka) throws Exception {
    List<ProducerRecord<byte[], byte[]>> visits = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      visits.add(visit(kafka, "kim", 60 * i, "home"));
    }
    for (int i = 0; i < 600; i++) {
      visits.add(visit(kafka, "burst", 0, "%04d".formatted(i).repeat(1_000)));
    }
    for (int i = 0; i < 10_000; i++) {
      visits.add(visit(kafka, "bot", i, crawled(i)));
    }
    TestKafka.write(visits);
  }

  private static String crawled(int i) {
    return String.format(
        Locale.ROOT,
        "https://shop.example/c/outdoor/tents/p/%06d?utm_source=feed&utm_campaign=spring-%03d&s=1",
        i,
        i % 100);
  }

  private static ProducerRecord<byte[], byte[]> visit(
      TestKafka kafka, String visitId, int second, String page) {
    String json =
        "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"page\":\"%s\"}"
            .formatted(visitId, START.plusSeconds(second), page);
    return new ProducerRecord<>(kafka.topic("visits"), 0, null, json.getBytes(UTF_8));
  }

  /** All visits are in sessions, in their order, and each session is as large as it may be. */
  public static void assertAreCut(TestKafka kafka) throws Exception {
    SortedMap<String, ConsumerRecord<byte[], byte[]>> sessions = new TreeMap<>();
    kafka.read("sessions").forEach(record -> sessions.put(new String(record.key(), UTF_8), record));
    String bot = sessions.tailMap("bot" + FIRST + " ").firstKey();
    assertEquals(
        List.of(
            "bot" + FIRST,
            bot,
            "burst" + FIRST,
            "burst" + FIRST + "+1",
            "burst" + FIRST + "+2",
            "kim" + FIRST),
        List.copyOf(sessions.keySet()));
    List<String> crawled = new ArrayList<>();
    List<String> burst = new ArrayList<>();
    for (var session : sessions.entrySet()) {
      List<String> pages = pages(session.getValue());
      (session.getKey().startsWith("bot") ? crawled : burst).addAll(pages);
      boolean isLast =
          !List.of("bot" + FIRST, "burst" + FIRST, "burst" + FIRST + "+1")
              .contains(session.getKey());
      assertEquals(
          isLast ? "inactivity" : "max_bytes",
          TestKafka.headers(session.getValue()).get("end_reason"));
      int bytes = session.getValue().serializedValueSize();
      assertTrue(isLast || (bytes > 890_000 && bytes < 900_000), session.getKey() + ": " + bytes);
    }
    for (int i = 0; i < 10_000; i++) {
      assertEquals(crawled(i), crawled.get(i));
    }
    for (int i = 0; i < 600; i++) {
      assertEquals("%04d".formatted(i).repeat(1_000), burst.get(i));
    }
    assertEquals(10_000, crawled.size());
    assertEquals(List.of("home", "home", "home", "home", "home"), burst.subList(600, burst.size()));
    assertEquals(
        1,
        sessions.tailMap("burst").headMap("kim").values().stream()
            .map(ConsumerRecord::partition)
            .distinct()
            .count());
  }

  private static List<String> pages(ConsumerRecord<byte[], byte[]> session) throws Exception {
    List<String> pages = new ArrayList<>();
    for (JsonNode page : JSON.readTree(session.value()).get("visited_pages")) {
      pages.add(page.get("page").textValue());
    }
    return pages;
  }
}
