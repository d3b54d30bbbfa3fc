package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The report that a job runs. */
class InstanceReportTest {
  private static final UUID JOB = new UUID(1, 2);
  private static final TopicPartition FIRST = new TopicPartition("visits", 0);
  private static final TopicPartition SECOND = new TopicPartition("visits", 1);

  @Test
  void isReadAsWritten() {
    InstanceReport report = new InstanceReport(JOB, "kafka-1", 1_000);
    assertEquals(Optional.of(report), InstanceReport.in(report.at(42)));
    assertEquals(42, report.at(42).offset());
  }

  @Test
  void otherMetadataIsNone() {
    assertEquals(Optional.empty(), InstanceReport.in(new OffsetAndMetadata(1)));
    assertEquals(Optional.empty(), InstanceReport.in(new OffsetAndMetadata(1, "stopped")));
  }

  @Test
  void hostHasNoBlanks() {
    assertTrue(InstanceReport.in(InstanceReport.of(JOB, 1_000).at(1)).isPresent());
  }

  @Test
  void reportOfFastClockIsNew() {
    InstanceReport report = new InstanceReport(JOB, "kafka-1", 1_000);
    assertEquals(Duration.ofMillis(500), report.age(1_500));
    assertEquals(Duration.ZERO, report.age(900));
  }

  @Nested
  class Reader {
    private final MockConsumer<byte[], byte[]> consumer =
        new MockConsumer<>(OffsetResetStrategy.EARLIEST) {
          @Override
          public synchronized void commitSync(
              Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            if (isRejected) {
              throw new GroupAuthorizationException("group");
            }
            reported = offsets;
          }
        };
    private final InstanceReports reports = new InstanceReports(JOB);
    private Map<TopicPartition, OffsetAndMetadata> reported = Map.of();
    private boolean isRejected;

    @Test
    void reportsEachPartitionEveryFiveSeconds() {
      assertEquals(Map.of(FIRST, 1_000L), report(FIRST, 1_000));
      assertEquals(Map.of(SECOND, 3_000L), report(SECOND, 3_000));
      assertEquals(Map.of(), report(FIRST, 5_999));
      assertEquals(Map.of(FIRST, 6_000L), report(FIRST, 6_000));
    }

    @Test
    void missingPermissionStopsReportsOnly() {
      isRejected = true;
      assertEquals(Map.of(), report(FIRST, 1_000));
      isRejected = false;
      assertEquals(Map.of(), report(FIRST, 10_000));
    }

    /** Returns when the partitions were reported. */
    private Map<TopicPartition, Long> report(TopicPartition partition, long now) {
      reported = Map.of();
      reports.report(consumer, Map.of(partition, 7L), now);
      return reported.entrySet().stream()
          .collect(
              java.util.stream.Collectors.toMap(
                  Map.Entry::getKey,
                  entry -> InstanceReport.in(entry.getValue()).orElseThrow().asOf()));
    }
  }
}
