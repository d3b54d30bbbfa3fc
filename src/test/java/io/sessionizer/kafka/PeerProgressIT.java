package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.testing.TestKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two JVMs that read a partition each and share nothing but their group's offsets. */
class PeerProgressIT {
  private static final WatermarkRules RULES =
      new WatermarkRules(
          Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(31), false);
  private static final long NEVER = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private static final long SECOND = 1_000;
  private static final long REPLAYED = 1_704_067_200_000L;
  private static final long NOW = 1_793_491_200_000L;

  private final TestKafka kafka = new TestKafka();
  private Jvm busy;
  private Jvm idle;

  @BeforeEach
  void oneIsBusyAndTheOtherIsIdle() throws Exception {
    kafka.createTopics();
    UUID job = UUID.randomUUID();
    busy = new Jvm(job, 0);
    idle = new Jvm(job, 1);
    busy.watermarks.visitRead(busy.partition, REPLAYED, NOW + 30 * SECOND, NOW + 30 * SECOND);
    assertEquals(NEVER, idle.watermark(NOW + 30 * SECOND));
  }

  @AfterEach
  void close() {
    busy.consumer.close();
    idle.consumer.close();
  }

  @Test
  void unwrittenPartitionFollowsOtherJvm() {
    busy.commit();
    idle.peers.refresh(idle.consumer, NOW + 30 * SECOND);
    assertEquals(REPLAYED - 60 * SECOND, idle.watermark(NOW + 31 * SECOND));
  }

  @Test
  void followsOtherTopicThatOtherJvmReads() throws Exception {
    kafka.create("other", Map.of());
    List<String> topics = List.of(kafka.topic("other"), kafka.topic("visits"));
    Jvm other =
        new Jvm(
            busy.job, topics, new TopicPartition(kafka.topic("other"), 0), OptionalLong.empty());
    assertEquals(NEVER, other.watermark(NOW + 30 * SECOND));
    busy.commit();
    other.peers.refresh(other.consumer, NOW + 30 * SECOND);
    assertEquals(REPLAYED - 60 * SECOND, other.watermark(NOW + 31 * SECOND));
    other.consumer.close();
  }

  @Test
  void followsNothingBeforeFirstCommit() {
    idle.peers.refresh(idle.consumer, NOW + 30 * SECOND);
    assertEquals(NEVER, idle.watermark(NOW + 31 * SECOND));
  }

  @Test
  void ignoresOtherJobOfGroup() {
    Jvm stranger = new Jvm(UUID.randomUUID(), 0);
    stranger.watermarks.visitRead(stranger.partition, REPLAYED, NOW, NOW);
    stranger.commit();
    stranger.consumer.close();
    idle.peers.refresh(idle.consumer, NOW + 30 * SECOND);
    assertEquals(NEVER, idle.watermark(NOW + 31 * SECOND));
  }

  @Test
  void commitsProgressOfPartition() {
    busy.commit();
    OffsetAndMetadata committed =
        busy.consumer.committed(Set.of(busy.partition)).get(busy.partition);
    assertEquals(7, committed.offset());
    assertEquals(
        busy.watermarks.progress(busy.partition),
        PartitionProgress.of(committed.metadata(), busy.job));
  }

  @Test
  void restoresNewestEventTimeOnce() {
    busy.commit();
    Jvm restored = new Jvm(busy.job, 0, OptionalLong.of(REPLAYED - 60 * SECOND));
    restored.peers.restore(restored.consumer);
    restored.peers.restore(restored.consumer);
    restored.consumer.close();
    assertEquals(1, restored.consumer.requests);
    assertEquals(
        REPLAYED, restored.watermarks.progress(restored.partition).orElseThrow().newestEventTime());
  }

  @Test
  void newReaderRestoresNothing() {
    busy.peers.restore(busy.consumer);
    assertEquals(0, busy.consumer.requests);
  }

  @Test
  void requestsProgressEveryFiveSeconds() {
    idle.peers.refresh(idle.consumer, NOW + 30 * SECOND);
    idle.peers.refresh(idle.consumer, NOW + 35 * SECOND - 1);
    assertEquals(1, idle.consumer.requests);
    idle.peers.refresh(idle.consumer, NOW + 35 * SECOND);
    assertEquals(2, idle.consumer.requests);
  }

  @Test
  void busyReaderRequestsNothing() {
    busy.peers.refresh(busy.consumer, NOW + 30 * SECOND);
    assertEquals(0, busy.consumer.requests);
  }

  @Test
  void requestsNothingIfAllPartitionsAreLocal() {
    idle.watermarks.open(busy.partition, OptionalLong.empty(), NOW + 30 * SECOND);
    idle.peers.refresh(idle.consumer, NOW + 30 * SECOND);
    assertEquals(0, idle.consumer.requests);
  }

  @Test
  void retriesFailedRequest() {
    busy.commit();
    idle.consumer.failure = new TimeoutException("for a test");
    idle.peers.refresh(idle.consumer, NOW + 30 * SECOND);
    idle.consumer.failure = null;
    idle.peers.refresh(idle.consumer, NOW + 35 * SECOND);
    assertEquals(REPLAYED - 60 * SECOND, idle.watermark(NOW + 36 * SECOND));
  }

  @Test
  void wakeupEndsRequest() {
    idle.consumer.failure = new WakeupException();
    assertThrows(WakeupException.class, () -> idle.peers.refresh(idle.consumer, NOW + 30 * SECOND));
  }

  private final class Jvm {
    private final UUID job;
    private final PartitionWatermarks watermarks = new PartitionWatermarks(RULES);
    private final PeerProgress peers;
    private final TopicPartition partition;
    private final CountingConsumer consumer;

    Jvm(UUID job, int partition) {
      this(job, partition, OptionalLong.empty());
    }

    Jvm(UUID job, int partition, OptionalLong restored) {
      this(
          job,
          List.of(kafka.topic("visits")),
          new TopicPartition(kafka.topic("visits"), partition),
          restored);
    }

    Jvm(UUID job, List<String> topics, TopicPartition partition, OptionalLong restored) {
      this.job = job;
      this.peers = new PeerProgress(job, topics, watermarks);
      this.partition = partition;
      this.consumer = new CountingConsumer(kafka.topic("group"));
      consumer.assign(List.of(this.partition));
      watermarks.open(this.partition, restored, NOW);
    }

    void commit() {
      consumer.commitSync(peers.withProgress(Map.of(partition, new OffsetAndMetadata(7))));
    }

    long watermark(long checkedAt) {
      return watermarks.watermark(partition, 0, checkedAt);
    }
  }

  private static final class CountingConsumer extends KafkaConsumer<byte[], byte[]> {
    private int requests;
    private KafkaException failure;

    CountingConsumer(String group) {
      super(config(group), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> config(String group) {
      Map<String, Object> config = new HashMap<>(TestKafka.config());
      config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
      config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
      return config;
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(
        Set<TopicPartition> partitions, Duration timeout) {
      requests++;
      if (failure != null) {
        throw failure;
      }
      return super.committed(partitions, timeout);
    }
  }
}
