package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device whose clock is 50 minutes fast among others whose clocks are right. */
class FastClocksIT {
  /** So that every record is read by itself, and the watermark may move behind each of them. */
  private static final List<String> ONE_BY_ONE =
      List.of(
          "--consumerConfig=max.poll.records=1", "--maxBundleSize=1", "--autoWatermarkInterval=1");

  private final TestKafka kafka = new TestKafka();
  private final List<ProducerRecord<byte[], byte[]>> visits = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "DirectRunner, CreateTime",
    "FlinkRunner, CreateTime",
    "FlinkRunner, LogAppendTime",
  })
  void fastClockMakesNoVisitLate(String runner, String timestampType) throws Exception {
    kafka.create("visits", Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, timestampType));
    for (String topic : List.of("sessions", "late-visits", "dead-letters")) {
      kafka.create(topic, Map.of());
    }
    Instant now = Instant.now();
    for (int i = 0; i < 200; i++) {
      visit("fast", now.plus(Duration.ofMinutes(50)).plusMillis(i));
    }
    for (int i = 0; i < 50; i++) {
      visit("first", now.minusSeconds(100 - i));
      visit("second", now.minusSeconds(80 - i));
    }
    TestKafka.write(visits);
    List<String> flags =
        new ArrayList<>(List.of("--runner=" + runner, "--engine=stateful", "--stopWhenDrained"));
    ONE_BY_ONE.stream()
        .filter(flag -> runner.equals("FlinkRunner") || flag.startsWith("--consumerConfig"))
        .forEach(flags::add);
    assertEquals(0, SessionizationJob.run(kafka.flags(flags.toArray(String[]::new))));
    assertEquals(0, kafka.read("late-visits").size());
    assertEquals(0, kafka.read("dead-letters").size());
    assertEquals(
        Map.of(
            "fast@" + now.plus(Duration.ofMinutes(50)).toEpochMilli(), 200,
            "first@" + now.minusSeconds(100).toEpochMilli(), 50,
            "second@" + now.minusSeconds(80).toEpochMilli(), 50),
        SessionsTable.visits(kafka.read("sessions")));
  }

  private void visit(String visitId, Instant eventTime) {
    String json = "{\"visit_id\":\"%s\",\"event_time\":\"%s\"}".formatted(visitId, eventTime);
    visits.add(new ProducerRecord<>(kafka.topic("visits"), 0, null, json.getBytes(UTF_8)));
  }
}
