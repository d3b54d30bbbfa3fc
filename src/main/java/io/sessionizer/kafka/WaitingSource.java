package io.sessionizer.kafka;

import io.sessionizer.visits.ConsumedBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.kafka.common.TopicPartition;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * KafkaIO's source with readers that wait for a batch while there is none. Beam's Flink runner
 * advances an idle reader twenty times a second, and updates all metrics of the source each time:
 * at a low rate that is most of what the source costs.
 *
 * <p>A reader waits in the thread of its subtask, which meanwhile does nothing else. So it does not
 * wait where the thread has another reader, and never for long. Nor does it wait right after a
 * record: an operator of Beam forwards watermarks only between bundles, and does so in this thread
 * some time after a bundle has ended. If the reader only ever waited and emitted records, which
 * start the next bundle, the watermark would stop.
 */
final class WaitingSource
    extends UnboundedSource<KafkaRecord<byte[], ConsumedBatch>, KafkaCheckpointMark> {
  private static final long serialVersionUID = 1L;

  /** How long a reader waits at most: Flink emits watermarks as often. */
  private static final Duration LONGEST = Duration.ofMillis(200);

  /** The readers of each thread. */
  private static final ThreadLocal<Set<Reader>> IN_THREAD = ThreadLocal.withInitial(HashSet::new);

  private final UnboundedSource<KafkaRecord<byte[], ConsumedBatch>, KafkaCheckpointMark> kafka;
  private final UUID job;
  private final Duration longest;

  /**
   * Creates a source.
   *
   * @param kafka KafkaIO's
   * @param job the job whose progress says what was polled ({@link JvmProgress})
   */
  WaitingSource(
      UnboundedSource<KafkaRecord<byte[], ConsumedBatch>, KafkaCheckpointMark> kafka, UUID job) {
    this(kafka, job, LONGEST);
  }

  WaitingSource(
      UnboundedSource<KafkaRecord<byte[], ConsumedBatch>, KafkaCheckpointMark> kafka,
      UUID job,
      Duration longest) {
    this.kafka = kafka;
    this.job = job;
    this.longest = longest;
  }

  @Override
  public List<WaitingSource> split(int desired, PipelineOptions options) throws Exception {
    return kafka.split(desired, options).stream()
        .map(split -> new WaitingSource(split, job, longest))
        .toList();
  }

  @Override
  public UnboundedReader<KafkaRecord<byte[], ConsumedBatch>> createReader(
      PipelineOptions options, @Nullable KafkaCheckpointMark mark) throws IOException {
    Reader reader = new Reader(kafka.createReader(options, mark));
    IN_THREAD.get().add(reader);
    return reader;
  }

  @Override
  public Coder<KafkaCheckpointMark> getCheckpointMarkCoder() {
    return kafka.getCheckpointMarkCoder();
  }

  @Override
  public boolean requiresDeduping() {
    return kafka.requiresDeduping();
  }

  @Override
  public boolean offsetBasedDeduplicationSupported() {
    return kafka.offsetBasedDeduplicationSupported();
  }

  @Override
  public Coder<KafkaRecord<byte[], ConsumedBatch>> getOutputCoder() {
    return kafka.getOutputCoder();
  }

  @Override
  public void validate() {
    kafka.validate();
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    kafka.populateDisplayData(builder);
  }

  private final class Reader extends UnboundedReader<KafkaRecord<byte[], ConsumedBatch>> {
    private final UnboundedReader<KafkaRecord<byte[], ConsumedBatch>> reader;
    private boolean hasRecord;

    Reader(UnboundedReader<KafkaRecord<byte[], ConsumedBatch>> reader) {
      this.reader = reader;
    }

    @Override
    public boolean start() throws IOException {
      hasRecord = reader.start();
      return hasRecord;
    }

    @Override
    public boolean advance() throws IOException {
      boolean mayWait = !hasRecord;
      hasRecord = reader.advance() || (mayWait && hasPolledMeanwhile() && reader.advance());
      return hasRecord;
    }

    private boolean hasPolledMeanwhile() {
      Optional<JvmProgress> progress = JvmProgress.of(job);
      return progress.isPresent()
          && IN_THREAD.get().size() == 1
          && progress.get().positions().waitUntilPolledBehind(handedOver(), longest);
    }

    /** Returns the offset behind the last record that was handed over, of each partition. */
    private Map<TopicPartition, Long> handedOver() {
      Map<TopicPartition, Long> next = new HashMap<>();
      ((KafkaCheckpointMark) reader.getCheckpointMark())
          .getPartitions()
          .forEach(
              mark ->
                  next.put(
                      new TopicPartition(mark.getTopic(), mark.getPartition()),
                      mark.getNextOffset()));
      return next;
    }

    @Override
    public KafkaRecord<byte[], ConsumedBatch> getCurrent() throws NoSuchElementException {
      return reader.getCurrent();
    }

    @Override
    public Instant getCurrentTimestamp() throws NoSuchElementException {
      return reader.getCurrentTimestamp();
    }

    @Override
    public byte[] getCurrentRecordId() throws NoSuchElementException {
      return reader.getCurrentRecordId();
    }

    @Override
    public byte[] getCurrentRecordOffset() {
      return reader.getCurrentRecordOffset();
    }

    @Override
    public Instant getWatermark() {
      return reader.getWatermark();
    }

    @Override
    public CheckpointMark getCheckpointMark() {
      return reader.getCheckpointMark();
    }

    @Override
    public long getSplitBacklogBytes() {
      return reader.getSplitBacklogBytes();
    }

    @Override
    public long getTotalBacklogBytes() {
      return reader.getTotalBacklogBytes();
    }

    @Override
    public WaitingSource getCurrentSource() {
      return WaitingSource.this;
    }

    @Override
    public void close() throws IOException {
      IN_THREAD.get().remove(this);
      reader.close();
    }
  }
}
