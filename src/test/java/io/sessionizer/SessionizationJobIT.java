package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.deadletters.Reason;
import io.sessionizer.local.GeneratedVisit;
import io.sessionizer.local.GeneratedVisit.Kind;
import io.sessionizer.local.KafkaVisitSink;
import io.sessionizer.local.Shares;
import io.sessionizer.local.Traffic;
import io.sessionizer.local.VisitGenerator;
import io.sessionizer.sessions.ModelSessionizer;
import io.sessionizer.sessions.Session;
import io.sessionizer.sessions.SessionJson;
import io.sessionizer.visits.RefusedVisitException;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

/** The job, from a real broker to a real broker, on the DirectRunner. */
class SessionizationJobIT {
  private static final Duration GAP = Duration.ofMinutes(16);

  private final TestKafka kafka = new TestKafka();

  @Test
  void fiveThousandVisitsWithTwoPercentBrokenDrainIntoTheSessionsOfTheModelAndDeadLetters()
      throws Exception {
    kafka.createTopics();
    Traffic traffic =
        new Traffic(5_000, 100, Instant.parse("2024-01-01T00:00:00Z"), 7, new Shares(10, 0, 3, 2));
    List<GeneratedVisit> written = new ArrayList<>();
    new VisitGenerator(traffic).forEachRemaining(written::add);
    try (KafkaVisitSink sink = KafkaVisitSink.open(kafka.topic("visits"), TestKafka.config())) {
      for (GeneratedVisit visit : written) {
        sink.write(visit);
      }
      sink.flush();
    }

    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));

    List<Visit> visits = new ArrayList<>();
    for (GeneratedVisit visit : written) {
      if (visit.kind() != Kind.BROKEN) {
        visits.add(VisitJson.parse(visit.value()));
      }
    }
    List<ConsumerRecord<byte[], byte[]>> sessions = kafka.read("sessions");
    assertEquals(values(ModelSessionizer.sessions(visits, GAP), "UTC"), values(sessions));
    sessions.forEach(
        session ->
            assertEquals(
                Map.of("revision", "1", "timing", "on_time", "end_reason", "inactivity"),
                TestKafka.headers(session)));
    assertOnePartitionPerVisitId(sessions);

    List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.read("dead-letters");
    assertEquals(
        texts(written.stream().filter(v -> v.kind() == Kind.BROKEN).map(v -> v.value()).toList()),
        texts(deadLetters.stream().map(ConsumerRecord::value).toList()));
    assertEquals(
        written.size(),
        deadLetters.size()
            + ModelSessionizer.sessions(visits, GAP).stream()
                .mapToInt(s -> s.pages().size())
                .sum());
  }

  @Test
  void aDeadLetterKeepsItsBytesAndItsKeyAndSaysWhyAndWhereFrom() throws Exception {
    kafka.createTopics();
    byte[] key = {0, 1};
    byte[] value = {'{', (byte) 0xff};
    try (KafkaProducer<byte[], byte[]> producer = TestKafka.producer(Map.of())) {
      producer.send(new ProducerRecord<>(kafka.topic("visits"), 1, 5L, key, value)).get();
      producer.send(new ProducerRecord<>(kafka.topic("visits"), 1, 6L, key, (byte[]) null)).get();
    }
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));

    List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>(kafka.read("dead-letters"));
    letters.sort((a, b) -> offset(a).compareTo(offset(b)));
    assertArrayEquals(key, letters.get(0).key());
    assertArrayEquals(value, letters.get(0).value());
    Map<String, String> headers = TestKafka.headers(letters.get(0));
    assertEquals("the value is not UTF-8: 0xFF at byte 2", headers.remove("error.message"));
    assertEquals(
        Map.of(
            "error.reason", Reason.NOT_JSON.name(),
            "source.topic", kafka.topic("visits"),
            "source.partition", "1",
            "source.offset", "0",
            "source.timestamp", "5"),
        headers);
    assertEquals(null, letters.get(1).value());
    assertEquals("EMPTY", TestKafka.headers(letters.get(1)).get("error.reason"));
    assertEquals(2, letters.size());
  }

  @Test
  void aDeadLetterThatItsTopicDoesNotTakeIsCutAndSaysSo() throws Exception {
    kafka.create("visits", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "4000000"));
    kafka.create("sessions", Map.of());
    kafka.create("dead-letters", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100000"));
    byte[] large = new byte[2_000_000];
    Arrays.fill(large, (byte) 'x');
    kafka.writeVisits(0, large, visit("a", "2024-01-01T00:00:00Z"));

    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));

    ConsumerRecord<byte[], byte[]> letter = kafka.read("dead-letters").get(0);
    assertArrayEquals(Arrays.copyOf(large, 100_000 - (16 << 10)), letter.value());
    Map<String, String> headers = TestKafka.headers(letter);
    assertEquals("TOO_LARGE", headers.get("error.reason"));
    assertEquals("2000000", headers.get("original.bytes"));
    assertEquals(1, kafka.read("sessions").size());
  }

  @Test
  void aTopicWrittenByTransactionsDrainsThoughTheirMarkersTakeOffsets() throws Exception {
    kafka.createTopics();
    try (KafkaProducer<byte[], byte[]> producer =
        TestKafka.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.topic("t")))) {
      producer.initTransactions();
      for (int minute = 0; minute < 3; minute++) {
        producer.beginTransaction();
        byte[] visit = visit("a", "2024-01-01T00:0" + minute + ":00Z");
        producer.send(new ProducerRecord<>(kafka.topic("visits"), 0, null, null, visit)).get();
        producer.commitTransaction();
      }
    }
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
    assertEquals(List.of("a@1704067200000"), keys(kafka.read("sessions")));
  }

  @Test
  void anEmptyTopicDrainsAtOnce() throws Exception {
    kafka.createTopics();
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained")));
    assertEquals(List.of(), kafka.read("sessions"));
  }

  @Test
  void readingBeginsWhereItIsToldTo() throws Exception {
    kafka.createTopics();
    try (KafkaProducer<byte[], byte[]> producer = TestKafka.producer(Map.of())) {
      String topic = kafka.topic("visits");
      byte[] first = visit("first", "2024-01-01T00:00:00Z");
      byte[] second = visit("second", "2024-01-01T00:00:00Z");
      producer.send(new ProducerRecord<>(topic, 0, 1_000L, null, first)).get();
      producer.send(new ProducerRecord<>(topic, 0, 2_000L, null, second)).get();
    }
    assertEquals(List.of(), drained("--startFrom=latest"));
    assertEquals(List.of("second@1704067200000"), drained("--startFrom=1970-01-01T00:00:02Z"));
    assertEquals(
        List.of("first@1704067200000", "second@1704067200000", "second@1704067200000"),
        drained("--startFrom=earliest"));
  }

  @Test
  void withoutABrokerTheJobSaysSoAndWhatToDo() {
    assertEquals(
        SessionizationJob.NOT_READY, SessionizationJob.run("--bootstrapServers=127.0.0.1:1"));
  }

  private List<String> drained(String startFrom) {
    assertEquals(0, SessionizationJob.run(kafka.flags("--stopWhenDrained", startFrom)));
    return keys(kafka.read("sessions")).stream().sorted().toList();
  }

  private static byte[] visit(String visitId, String eventTime) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"%s\",\"page\":\"index\"}"
        .formatted(visitId, eventTime)
        .getBytes(UTF_8);
  }

  private static void assertOnePartitionPerVisitId(List<ConsumerRecord<byte[], byte[]>> sessions)
      throws RefusedVisitException {
    Map<String, List<Integer>> partitions =
        sessions.stream()
            .collect(
                Collectors.groupingBy(
                    s -> new String(s.key(), UTF_8).replaceFirst("@\\d+$", ""),
                    Collectors.mapping(ConsumerRecord::partition, Collectors.toList())));
    partitions.forEach((visitId, of) -> assertEquals(1, of.stream().distinct().count(), visitId));
  }

  /** Key to value, both as text. */
  private static SortedMap<String, String> values(List<Session> sessions, String timeZone) {
    SessionJson json = new SessionJson(ZoneId.of(timeZone));
    SortedMap<String, String> values = new TreeMap<>();
    sessions.forEach(s -> values.put(s.id(), new String(json.write(s), UTF_8)));
    return values;
  }

  private static SortedMap<String, String> values(List<ConsumerRecord<byte[], byte[]>> records) {
    SortedMap<String, String> values = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      values.put(new String(record.key(), UTF_8), new String(record.value(), UTF_8));
    }
    assertEquals(records.size(), values.size(), "a session came out twice");
    return values;
  }

  private static List<String> keys(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream().map(record -> new String(record.key(), UTF_8)).toList();
  }

  private static String offset(ConsumerRecord<byte[], byte[]> letter) {
    return TestKafka.headers(letter).get("source.offset");
  }

  private static List<String> texts(List<byte[]> values) {
    return values.stream().map(Arrays::toString).sorted().toList();
  }
}
