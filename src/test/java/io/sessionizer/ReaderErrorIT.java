package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.testing.TestKafka;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** KafkaIO's thread that polls passes exceptions on, and would end at an error without a word. */
class ReaderErrorIT {
  private final TestKafka kafka = new TestKafka();

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner --numberOfExecutionRetries=0"})
  @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void errorInReaderFailsJob(String runner) throws Exception {
    kafka.createTopics();
    kafka.writeVisits(
        0, "{\"visit_id\":\"a\",\"event_time\":\"2024-01-01T00:00:00Z\"}".getBytes(UTF_8));
    String interceptor = "--consumerConfig=interceptor.classes=" + Failing.class.getName();
    String[] flags = ("--runner=" + runner + " " + interceptor).split(" ");
    assertEquals(SessionizationJob.FAILED, SessionizationJob.run(kafka.flags(flags)));
  }

  /** Fails where KafkaIO polls. */
  public static final class Failing implements ConsumerInterceptor<byte[], byte[]> {
    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
      throw new StackOverflowError("for a test");
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
      // Nothing to see.
    }

    @Override
    public void close() {
      // Nothing to close.
    }

    @Override
    public void configure(Map<String, ?> configs) {
      // Nothing to set.
    }
  }
}
