package io.sessionizer.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Holds records back until a checkpoint has them, so that none is written which a job that has
 * failed and goes on from its last checkpoint knows nothing of.
 *
 * <p>What late visits do depends on the watermark when they arrive, and may be another thing when
 * they are read again. A session that was out, but not in the checkpoint, may then get another key,
 * and nobody would delete the first one.
 *
 * <p>The order within a visit id stays as it is, also when the number of subtasks changes, because
 * records wait by visit id.
 */
final class AfterCheckpoint
    extends PTransform<
        PCollection<ProducerRecord<byte[], byte[]>>, PCollection<ProducerRecord<byte[], byte[]>>> {
  private static final long serialVersionUID = 1L;

  @Override
  public PCollection<ProducerRecord<byte[], byte[]>> expand(
      PCollection<ProducerRecord<byte[], byte[]>> records) {
    return records
        .apply("KeyByVisitId", WithKeys.of(new VisitIdOf()).withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), WriteRecords.CODER))
        .apply("Await", ParDo.of(new AwaitFn()))
        .setCoder(WriteRecords.CODER);
  }

  private record VisitIdOf()
      implements SerializableFunction<ProducerRecord<byte[], byte[]>, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String apply(ProducerRecord<byte[], byte[]> record) {
      return new String(VisitIdPartitioner.visitId(record.key()), StandardCharsets.UTF_8);
    }
  }

  private static final class AwaitFn
      extends DoFn<KV<String, ProducerRecord<byte[], byte[]>>, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    /** Always empty: a step that has state keeps what waits by key. */
    @StateId("none")
    @SuppressWarnings("UnusedVariable")
    private final StateSpec<ValueState<Boolean>> none = StateSpecs.value();

    @RequiresStableInput
    @ProcessElement
    public void pass(
        @Element KV<String, ProducerRecord<byte[], byte[]>> record,
        OutputReceiver<ProducerRecord<byte[], byte[]>> out) {
      out.output(record.getValue());
    }
  }
}
