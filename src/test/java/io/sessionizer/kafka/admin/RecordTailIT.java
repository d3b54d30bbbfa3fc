package io.sessionizer.kafka.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.TestKafka;
import io.sessionizer.testing.TransactionScript;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class RecordTailIT {
  private final TestKafka kafka = new TestKafka();
  private TopicPartition visits;

  @BeforeEach
  void topic() throws Exception {
    kafka.createTopics(1);
    visits = new TopicPartition(kafka.topic("visits"), 0);
  }

  @Test
  void openTransactionsAreBacklog() throws Exception {
    List<String> values = new ArrayList<>();
    try (var transactions = new TransactionScript(visits.topic());
        RecordTail tail = tail(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")) {
      transactions.playFile("aborted-tail.txn", 0);
      pollUntilBacklogIs(0, tail, values);
      transactions.play("A begin\nA 0\t\\N\tinside");
      pollUntilBacklogIs(1, tail, values);
      tail.drain(record -> values.add("drained"));
      transactions.play("A commit");
      pollUntilBacklogIs(0, tail, values);
      assertEquals("inside", values.get(values.size() - 1));
      assertEquals(2, values.size());
    }
  }

  @Test
  void skipsDeletedRecords() throws Exception {
    try (RecordTail tail = tail(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1)) {
      write(5);
      kafka.deleteVisits(0, 4);
      List<String> values = new ArrayList<>();
      tail.drain(record -> values.add(new String(record.value(), UTF_8)));
      assertEquals(List.of("4"), values);
    }
  }

  @Test
  void drainFinishesOnRecreatedTopic() throws Exception {
    write(20);
    List<String> values = new ArrayList<>();
    try (RecordTail tail =
        tail(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            1,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            1)) {
      tail.drain(
          record -> {
            if (values.isEmpty()) {
              createAnew();
            }
            values.add(new String(record.value(), UTF_8));
          });
    }
    assertTrue(values.size() < 20, "" + values);
  }

  private void createAnew() {
    try {
      kafka.createVisitsAnew(1);
      kafka.writeVisits(0, "new".getBytes(UTF_8));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(int records) throws Exception {
    for (int i = 0; i < records; i++) {
      kafka.writeVisits(0, String.valueOf(i).getBytes(UTF_8));
    }
  }

  private RecordTail tail(Object... settings) {
    Map<String, Object> config = new HashMap<>(TestKafka.config());
    for (int i = 0; i < settings.length; i += 2) {
      config.put((String) settings[i], settings[i + 1]);
    }
    return RecordTail.fromBeginning(visits.topic(), config);
  }

  private void pollUntilBacklogIs(long backlog, RecordTail tail, List<String> values) {
    do {
      tail.poll(record -> values.add(new String(record.value(), UTF_8)));
    } while (!tail.backlog().equals(Map.of(visits, backlog)));
  }
}
