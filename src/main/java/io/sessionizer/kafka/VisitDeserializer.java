package io.sessionizer.kafka;

import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.VisitParser;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Parses the records of a batch, once; never throws, so that no record can stop the reader. */
public final class VisitDeserializer implements Deserializer<List<ConsumedRecord>> {
  static final String MAX_RECORD_BYTES = "sessionizer.max.record.bytes";
  static final String MAX_FUTURE_SKEW_MS = "sessionizer.max.future.skew.ms";

  private VisitParser parser;
  private ToLongFunction<TopicPartition> resumedAt;

  @Override
  public void configure(Map<String, ?> config, boolean isKey) {
    parser =
        new VisitParser(
            (Integer) config.get(MAX_RECORD_BYTES),
            Duration.ofMillis((Long) config.get(MAX_FUTURE_SKEW_MS)),
            Clock.systemUTC());
    resumedAt = VisitTimestamps.resumedAt(config);
  }

  @Override
  public List<ConsumedRecord> deserialize(String topic, byte[] batch) {
    return RecordBatch.arrivals(topic, batch, parser, resumedAt);
  }
}
