package io.sessionizer.kafka;

import io.sessionizer.records.SessionId;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
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
import org.apache.kafka.common.utils.Utils;

/**
 * Holds records back until a checkpoint has them, so that none is written which a job that has
 * failed and goes on from its last checkpoint knows nothing of.
 *
 * <p>What late visits do depends on the watermark when they arrive, and may be another thing when
 * they are read again. A session that was out, but not in the checkpoint, may then get another key,
 * and nobody would delete the first one.
 *
 * <p>The order within a visit id stays as it is, also when the number of subtasks changes, because
 * records wait by key: a share of all visit ids. A key per visit id would be a danger: Beam's Flink
 * runner looks up each key while it walks through all of them, and when Flink's table of keys on
 * the heap, a small one per key group, is just being made larger, that makes it lose keys.
 */
final class BufferUntilCheckpoint
    extends PTransform<
        PCollection<ProducerRecord<byte[], byte[]>>, PCollection<ProducerRecord<byte[], byte[]>>> {
  private static final long serialVersionUID = 1L;

  /** So few that in each of Flink's key groups, 128 at least, there is room for all of its own. */
  static final int SHARES = 512;

  @Override
  public PCollection<ProducerRecord<byte[], byte[]>> expand(
      PCollection<ProducerRecord<byte[], byte[]>> records) {
    return records
        .apply("KeyByShare", WithKeys.of(new ShareOf()).withKeyType(TypeDescriptors.integers()))
        .setCoder(KvCoder.of(VarIntCoder.of(), WriteRecords.CODER))
        .apply("Await", ParDo.of(new AwaitFn()))
        .setCoder(WriteRecords.CODER);
  }

  private record ShareOf()
      implements SerializableFunction<ProducerRecord<byte[], byte[]>, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer apply(ProducerRecord<byte[], byte[]> record) {
      byte[] visitId = SessionId.visitIdBytes(record.key());
      return Utils.toPositive(Utils.murmur2(visitId)) % SHARES;
    }
  }

  private static final class AwaitFn
      extends DoFn<KV<Integer, ProducerRecord<byte[], byte[]>>, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    /** Always empty: a step that has state keeps what waits by key. */
    @StateId("none")
    @SuppressWarnings("UnusedVariable")
    private final StateSpec<ValueState<Boolean>> none = StateSpecs.value();

    @RequiresStableInput
    @ProcessElement
    public void pass(
        @Element KV<Integer, ProducerRecord<byte[], byte[]>> record,
        OutputReceiver<ProducerRecord<byte[], byte[]>> out) {
      out.output(record.getValue());
    }
  }
}
