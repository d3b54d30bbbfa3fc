package io.sessionizer.kafka;

import io.sessionizer.visits.ConsumedBatch;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.io.kafka.DeserializerProvider;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the records of a batch, which were parsed when they were polled. */
final class VisitDeserializer implements Deserializer<ConsumedBatch> {
  /** Creates the deserializers of a job's readers. */
  record Provider() implements DeserializerProvider<ConsumedBatch> {
    private static final long serialVersionUID = 1L;

    @Override
    public Deserializer<ConsumedBatch> getDeserializer(Map<String, ?> config, boolean isKey) {
      return new VisitDeserializer();
    }

    @Override
    public Coder<ConsumedBatch> getCoder(CoderRegistry registry) {
      return ConsumedBatch.CODER;
    }
  }

  @Override
  public ConsumedBatch deserialize(String topic, byte[] batch) {
    return RecordBatch.read(batch);
  }
}
