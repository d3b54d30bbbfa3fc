package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.FirstRecords;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.kafka.KafkaCheckpointMark;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.KafkaRecord;
import org.apache.beam.sdk.runners.AppliedPTransform;
import org.apache.beam.sdk.runners.PTransformOverride;
import org.apache.beam.sdk.runners.PTransformOverrideFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.construction.ReplacementOutputs;
import org.apache.beam.sdk.util.construction.SplittableParDo.PrimitiveUnboundedRead;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topics of visits, with event times and watermarks. */
public final class ReadVisits extends PTransform<PBegin, PCollection<ConsumedBatch>> {
  private static final long serialVersionUID = 1L;

  /** Settings of the user that KafkaIO has to know, or that it changes for one of its consumers. */
  private static final Set<String> KNOWN_TO_KAFKA_IO =
      Set.of(
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
          ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG);

  /** The class of the source that KafkaIO makes. */
  private static final String KAFKA_SOURCE = "org.apache.beam.sdk.io.kafka.KafkaUnboundedSource";

  /** How many bytes a reader of all partitions fetches at once, if they are few. */
  private static final int FETCHED_BYTES = 8 << 20;

  private final transient Settings settings;
  private final transient List<TopicPartition> partitions;
  private final transient Rewind rewind;
  private final transient Map<TopicPartition, Long> ends;
  private final transient Map<String, String> topicIds;
  private final transient JobStart start;
  private final transient FirstRecords firstRecords;
  private final transient VisitTimestamps timestamps;
  private transient boolean checksInstances;

  private ReadVisits(
      Settings settings,
      List<TopicPartition> partitions,
      Map<String, String> topicIds,
      Rewind rewind,
      Map<TopicPartition, Long> ends,
      UUID run) {
    this.settings = settings;
    this.partitions = partitions;
    this.topicIds = topicIds;
    this.rewind = rewind;
    this.ends = ends;
    Clock clock = Clock.systemUTC();
    this.start =
        new JobStart(
            settings.topics().visits(),
            new Brokers(
                settings.bootstrapServers(),
                new ClientSettings(usersSettings(settings, false)),
                JobFingerprint.of(settings),
                clock.millis()),
            ParserSettings.of(settings),
            WatermarkRules.of(settings, settings.stopWhenDrained()));
    this.firstRecords = FirstRecords.of(settings.showsRecords(), settings.inputFormat());
    this.timestamps = new VisitTimestamps(run, start.brokers().asOf(), start.rules(), clock);
  }

  /**
   * Returns a transform that reads the topics of a job.
   *
   * @param partitions the partitions to read
   * @param topicIds the ids of their topics by name, as far as they are known
   * @param rewind where to start, if the job reads again what an earlier one has read
   * @param ends for a job that stops when drained, the offset behind the last record to read of
   *     every partition; else empty
   * @param run the start of the job without saved state
   */
  public static ReadVisits from(
      Settings settings,
      List<TopicPartition> partitions,
      Map<String, String> topicIds,
      Rewind rewind,
      Map<TopicPartition, Long> ends,
      UUID run) {
    return new ReadVisits(settings, partitions, topicIds, rewind, ends, run);
  }

  /**
   * Lets each reader that starts without a checkpoint make sure that no other job of the group
   * runs, for a start of which it is not known whether it resumes from saved state.
   */
  public void checkInstances() {
    checksInstances = true;
  }

  /** Logs what the first records show, if they were few: all are read. */
  public void allRead() {
    firstRecords.finish();
  }

  /** Lets the readers in this JVM commit and report no more, since the job has finished. */
  public void stopCommits() {
    JvmProgress.of(timestamps.job()).ifPresent(progress -> progress.gate().close());
  }

  /**
   * Lets readers wait for visits, for a runner that would advance an idle reader all the time. A
   * job that drains its topic has no idle readers.
   *
   * @param pipeline one that has this transform
   */
  public void waitWhenIdle(Pipeline pipeline) {
    if (!settings.stopWhenDrained()) {
      pipeline.replaceAll(
          List.of(
              PTransformOverride.of(
                  applied ->
                      applied.getTransform() instanceof Read.Unbounded<?> read
                          && read.getSource().getClass().getName().equals(KAFKA_SOURCE),
                  new WaitingReads(timestamps.job()))));
    }
  }

  /**
   * Gives KafkaIO's source readers that wait. It becomes the step that the runner would make of it,
   * of the same name, and so with the same state.
   */
  private static final class WaitingReads
      implements PTransformOverrideFactory<
          PBegin,
          PCollection<KafkaRecord<byte[], ConsumedBatch>>,
          Read.Unbounded<KafkaRecord<byte[], ConsumedBatch>>> {
    private final UUID job;

    WaitingReads(UUID job) {
      this.job = job;
    }

    @Override
    @SuppressWarnings("unchecked") // the source that KafkaIO makes has its type of checkpoints
    public PTransformReplacement<PBegin, PCollection<KafkaRecord<byte[], ConsumedBatch>>>
        getReplacementTransform(
            AppliedPTransform<
                    PBegin,
                    PCollection<KafkaRecord<byte[], ConsumedBatch>>,
                    Read.Unbounded<KafkaRecord<byte[], ConsumedBatch>>>
                read) {
      var kafka =
          (UnboundedSource<KafkaRecord<byte[], ConsumedBatch>, KafkaCheckpointMark>)
              read.getTransform().getSource();
      return PTransformReplacement.of(
          read.getPipeline().begin(),
          new PrimitiveUnboundedRead<>(Read.from(new WaitingSource(kafka, job))));
    }

    @Override
    public Map<PCollection<?>, ReplacementOutput> mapOutputs(
        Map<TupleTag<?>, PCollection<?>> outputs,
        PCollection<KafkaRecord<byte[], ConsumedBatch>> waiting) {
      return ReplacementOutputs.singleton(outputs, waiting);
    }
  }

  @Override
  public PCollection<ConsumedBatch> expand(PBegin begin) {
    return begin
        .apply(
            "ReadKafka",
            KafkaIO.<byte[], ConsumedBatch>read()
                .withBootstrapServers(settings.bootstrapServers())
                // Readers need no response from the brokers for them: a job whose first checkpoint
                // is older than the response would resume from it without partitions.
                .withTopicPartitions(partitions)
                .withKeyDeserializer(ByteArrayDeserializer.class)
                .withValueDeserializerProviderAndCoder(
                    new VisitDeserializer.Provider(), ConsumedBatch.CODER)
                .withConsumerConfigUpdates(consumerConfig())
                .withConsumerFactoryFn(
                    BoundedConsumer.Factory.of(
                        topics(),
                        timestamps.job(),
                        start.brokers(),
                        new StartingOffsets(settings.startFrom(), rewind, StoppingOffsets.of(ends)),
                        checksInstances,
                        start.parser()))
                .withTimestampPolicyFactory(timestamps)
                .commitOffsetsInFinalize())
        .apply("TakeArrivals", ParDo.of(new UnpackBatchesFn(start, firstRecords)))
        .setCoder(ConsumedBatch.CODER);
  }

  private List<SubmittedTopic> topics() {
    return start.topics().stream()
        .map(
            name -> {
              long count = partitions.stream().filter(p -> p.topic().equals(name)).count();
              return new SubmittedTopic(name, topicIds.get(name), Math.toIntExact(count));
            })
        .toList();
  }

  private Map<String, Object> consumerConfig() {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // Records that are polled together are one batch: the larger, the cheaper.
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100_000);
    config.putAll(fetches(partitions.size(), settings.consumerConfig()));
    config.putAll(usersSettings(settings, true));
    return config;
  }

  /**
   * Returns how much a reader fetches at once, and for how much a fetch waits up to 500 ms:
   * sessions are emitted minutes later anyway. It is less than one partition may have, since a
   * fetch of a reader that has a single partition, and is behind, must not wait.
   *
   * @param partitions how many there are
   * @param users settings of the user
   */
  static Map<String, Object> fetches(int partitions, Map<String, String> users) {
    String given = users.get(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG);
    int ofPartition =
        given == null
            ? Math.max(ConsumerConfig.DEFAULT_MAX_PARTITION_FETCH_BYTES, FETCHED_BYTES / partitions)
            : Integer.parseInt(given.trim());
    return Map.of(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        ofPartition,
        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
        ofPartition / 2);
  }

  private static Map<String, String> usersSettings(Settings settings, boolean knownToKafkaIo) {
    Map<String, String> config = new HashMap<>(settings.consumerConfig());
    config.keySet().removeIf(name -> KNOWN_TO_KAFKA_IO.contains(name) != knownToKafkaIo);
    return config;
  }

  /** Unpacks batches. It is of the last start of the job, unlike a restored source. */
  static final class UnpackBatchesFn
      extends DoFn<KafkaRecord<byte[], ConsumedBatch>, ConsumedBatch> {
    private static final long serialVersionUID = 1L;
    private final JobStart start;
    private final FirstRecords firstRecords;

    UnpackBatchesFn(JobStart start, FirstRecords firstRecords) {
      this.start = start;
      this.firstRecords = firstRecords;
    }

    @Setup
    public void announceStart() {
      start.announce();
    }

    @ProcessElement
    public void unpack(
        @Element KafkaRecord<byte[], ConsumedBatch> batch, OutputReceiver<ConsumedBatch> out) {
      if (!start.topics().contains(batch.getTopic())) {
        start.requireTopics(List.of(batch.getTopic())); // of saved state that has none of them
      }
      ConsumedBatch records = batch.getKV().getValue();
      if (records.size() > 0) {
        firstRecords.read(records);
        out.output(records);
      }
    }
  }
}
