package io.sessionizer.kafka;

import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.io.kafka.DeserializerProvider;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Parses the records of a batch. Never throws, so that no record can stop the reader. */
final class VisitDeserializer implements Deserializer<List<ConsumedRecord>> {
  static final ListCoder<ConsumedRecord> CODER = ListCoder.of(ConsumedRecord.CODER);

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
      implements DeserializerProvider<List<ConsumedRecord>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Deserializer<List<ConsumedRecord>> getDeserializer(
        Map<String, ?> config, boolean isKey) {
      return new VisitDeserializer(
          job, new VisitParser(maxRecordBytes, maxFutureSkew, Clock.systemUTC()));
    }

    @Override
    public Coder<List<ConsumedRecord>> getCoder(CoderRegistry registry) {
      return CODER;
    }
  }

  @Override
  public List<ConsumedRecord> deserialize(String topic, byte[] batch) {
    return RecordBatch.records(topic, batch, parser, this::resumedAt);
  }

  private long resumedAt(TopicPartition partition) {
    return JvmProgress.of(job).orElseThrow().watermarks().resumedAt(partition);
  }
}
