package io.sessionizer.kafka;

import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.io.kafka.DeserializerProvider;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Parses the records of a batch. Never throws, so that no record can stop the reader. */
final class VisitDeserializer implements Deserializer<ConsumedBatch> {
  private final UUID job;
  private final VisitParser parser;

  private VisitDeserializer(UUID job, VisitParser parser) {
    this.job = job;
    this.parser = parser;
  }

  /**
   * Creates the deserializers of a job's readers.
   *
   * @param job the job that resumed the partitions ({@link JvmProgress})
   * @param maxRecordBytes the size of the largest record that is parsed
   * @param maxFutureSkew how far event times may be ahead of the wall clock
   */
  record Provider(UUID job, int maxRecordBytes, Duration maxFutureSkew)
      implements DeserializerProvider<ConsumedBatch> {
    private static final long serialVersionUID = 1L;

    @Override
    public Deserializer<ConsumedBatch> getDeserializer(Map<String, ?> config, boolean isKey) {
      return new VisitDeserializer(
          job, new VisitParser(maxRecordBytes, maxFutureSkew, Clock.systemUTC()));
    }

    @Override
    public Coder<ConsumedBatch> getCoder(CoderRegistry registry) {
      return ConsumedBatch.CODER;
    }
  }

  @Override
  public ConsumedBatch deserialize(String topic, byte[] batch) {
    return RecordBatch.parsed(topic, batch, parser, this::resumedAt);
  }

  private long resumedAt(TopicPartition partition) {
    return JvmProgress.of(job).orElseThrow().watermarks().resumedAt(partition);
  }
}
