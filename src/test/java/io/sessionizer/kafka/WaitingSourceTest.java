package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.kafka.ReadPositions.Polled;
import io.sessionizer.visits.ConsumedBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark.PartitionMark;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitingSourceTest {
  private static final TopicPartition P0 = new TopicPartition("visits", 0);

  /** No test waits for it. */
  private static final Duration EVER = Duration.ofHours(1);

  private final UUID job = UUID.randomUUID();
  private final AtomicLong end = new AtomicLong();
  private final WaitingSource source = new WaitingSource(new Numbers(end), job, EVER);

  @BeforeEach
  void openPartition() {
    var rules =
        new WatermarkRules(
            Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(31), false);
    JvmProgress.of(job, rules).open(P0, OptionalLong.empty(), 0);
  }

  @Test
  void idleReaderReturnsWhatIsPolledMeanwhile() {
    CompletableFuture<Boolean> advanced = inThread(() -> reader(source).advance());
    poll(1);
    assertTrue(advanced.join());
  }

  @Test
  void readerReturnsWhatIsThereAtOnce() {
    poll(2);
    assertTrue(
        inThread(
                () -> {
                  var reader = reader(source);
                  boolean first = reader.advance();
                  return first && reader.advance();
                })
            .join());
  }

  @Test
  void readerDoesNotWaitRightAfterRecord() {
    poll(1);
    CompletableFuture<Boolean> afterRecord =
        inThread(
            () -> {
              var reader = reader(source);
              return reader.advance() && !reader.advance();
            });
    assertTrue(afterRecord.join());
  }

  @Test
  void idleReaderWaitsAgainAfterRecord() {
    poll(1);
    CompletableFuture<Void> isWaiting = new CompletableFuture<>();
    CompletableFuture<Boolean> advanced =
        inThread(
            () -> {
              var reader = reader(source);
              boolean isOne = reader.advance() && !reader.advance();
              isWaiting.complete(null);
              return isOne && reader.advance();
            });
    isWaiting.join();
    poll(2);
    assertTrue(advanced.join());
  }

  @Test
  void idleReaderStopsWaitingInTime() {
    WaitingSource hasty = new WaitingSource(new Numbers(end), job, Duration.ofMillis(20));
    assertFalse(inThread(() -> reader(hasty).advance()).join());
  }

  @Test
  void readersOfOneThreadDoNotWait() {
    assertFalse(
        inThread(
                () -> {
                  var first = reader(source);
                  var second = reader(source);
                  return first.advance() || second.advance();
                })
            .join());
  }

  @Test
  void lastReaderOfThreadWaits() {
    CompletableFuture<Boolean> advanced =
        inThread(
            () -> {
              var closed = reader(source);
              var open = reader(source);
              closed.close();
              return open.advance();
            });
    poll(1);
    assertTrue(advanced.join());
  }

  @Test
  void checkpointKeepsTheSourceThatWaits() throws IOException {
    try (var reader = reader(source)) {
      assertSame(source, reader.getCurrentSource());
    }
  }

  private void poll(long to) {
    end.set(to);
    JvmProgress.of(job)
        .orElseThrow()
        .positions()
        .polled(P0, new Polled(OptionalLong.of(to), to, false));
  }

  private static UnboundedReader<KafkaRecord<byte[], ConsumedBatch>> reader(WaitingSource source)
      throws IOException {
    return source.createReader(PipelineOptionsFactory.create(), null);
  }

  private interface Reading {
    boolean run() throws IOException;
  }

  private static CompletableFuture<Boolean> inThread(Reading reading) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(reading.run());
              } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result.orTimeout(1, TimeUnit.MINUTES);
  }

  /** As many records of one partition as there are at the moment; like KafkaIO's, never waits. */
  private static final class Numbers
      extends UnboundedSource<KafkaRecord<byte[], ConsumedBatch>, KafkaCheckpointMark> {
    private static final long serialVersionUID = 1L;
    private final AtomicLong end;

    Numbers(AtomicLong end) {
      this.end = end;
    }

    @Override
    public List<Numbers> split(int desired, PipelineOptions options) {
      return List.of(this);
    }

    @Override
    public Coder<KafkaCheckpointMark> getCheckpointMarkCoder() {
      throw new UnsupportedOperationException();
    }

    @Override
    public UnboundedReader<KafkaRecord<byte[], ConsumedBatch>> createReader(
        PipelineOptions options, KafkaCheckpointMark mark) {
      return new UnboundedReader<>() {
        private long next;

        @Override
        public boolean start() {
          return advance();
        }

        @Override
        public boolean advance() {
          if (next >= end.get()) {
            return false;
          }
          next++;
          return true;
        }

        @Override
        public CheckpointMark getCheckpointMark() {
          var mark = new PartitionMark(P0.topic(), P0.partition(), next, 0);
          return new KafkaCheckpointMark(List.of(mark), Optional.empty());
        }

        @Override
        public KafkaRecord<byte[], ConsumedBatch> getCurrent() {
          throw new UnsupportedOperationException();
        }

        @Override
        public Instant getCurrentTimestamp() {
          return Instant.EPOCH;
        }

        @Override
        public Instant getWatermark() {
          return Instant.EPOCH;
        }

        @Override
        public Numbers getCurrentSource() {
          return Numbers.this;
        }

        @Override
        public void close() {}
      };
    }
  }
}
