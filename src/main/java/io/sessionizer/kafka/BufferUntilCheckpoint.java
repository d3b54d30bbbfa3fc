package io.sessionizer.kafka;

import io.sessionizer.records.SessionId;
import org.apache.beam.sdk.coders.Coder;
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
 * Buffers records until a checkpoint contains them, so that a job that fails and resumes from its
 * last checkpoint has written no record that it does not know.
 *
 * <p>The effect of late visits depends on the watermark when they are read, and may be another one
 * when they are read again. A session that was published, but is not in the checkpoint, may then
 * get another key, and the first one would never be deleted.
 *
 * <p>The order within a visit id is preserved, also when the number of subtasks changes, because
 * records are buffered by key: a bucket of visit ids. Visit ids as keys would be a danger: Beam's
 * Flink runner looks up each key while it iterates over all of them, and loses keys if Flink's
 * table of keys on the heap, a small one per key group, is just growing.
 */
final class BufferUntilCheckpoint
    extends PTransform<
        PCollection<ProducerRecord<byte[], byte[]>>, PCollection<ProducerRecord<byte[], byte[]>>> {
  private static final long serialVersionUID = 1L;

  /** So few that the table of each of Flink's key groups, 128 at least, need not grow. */
  static final int BUCKETS = 512;

  @Override
  public PCollection<ProducerRecord<byte[], byte[]>> expand(
      PCollection<ProducerRecord<byte[], byte[]>> records) {
    Coder<ProducerRecord<byte[], byte[]>> coder = records.getCoder();
    return records
        .apply("KeyByShare", WithKeys.of(new BucketOf()).withKeyType(TypeDescriptors.integers()))
        .setCoder(KvCoder.of(VarIntCoder.of(), coder))
        .apply("Await", ParDo.of(new BufferFn()))
        .setCoder(coder);
  }

  private record BucketOf()
      implements SerializableFunction<ProducerRecord<byte[], byte[]>, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer apply(ProducerRecord<byte[], byte[]> record) {
      // A late visit as it was read may have no key.
      byte[] visitId = record.key() == null ? record.value() : SessionId.visitIdBytes(record.key());
      return Utils.toPositive(Utils.murmur2(visitId)) % BUCKETS;
    }
  }

  private static final class BufferFn
      extends DoFn<KV<Integer, ProducerRecord<byte[], byte[]>>, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    /** Always empty: only a step with state buffers by key. */
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
