package io.sessionizer.bench.peers;

import java.io.IOException;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Flink's own DataStream API in this process: session windows, an aggregate function, object reuse,
 * and serializers of its own.
 */
final class NativeFlinkJob {
  private NativeFlinkJob() {}

  /** Runs the job; takes {@link PeerFlags}. */
  public static void main(String[] args) throws Exception {
    PeerFlags flags = PeerFlags.parse(args);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(
            flags.parallelism(), configuration(flags));
    env.getConfig().enableObjectReuse();
    env.enableCheckpointing(
        PeerFlags.CHECKPOINT_INTERVAL.toMillis(), CheckpointingMode.EXACTLY_ONCE);

    env.fromSource(source(flags), watermarks(), "Visits")
        .keyBy(visit -> visit.visitId, Types.STRING)
        .window(EventTimeSessionWindows.withGap(PeerFlags.GAP_OF_CLOSED_WINDOWS))
        .allowedLateness(flags.allowedLateness())
        .aggregate(new CollectPages(), SESSION, SESSION)
        .sinkTo(sink(flags));
    env.execute("native");
  }

  private static final TypeInformation<PeerVisit> VISIT =
      PeerSerializers.type(PeerVisit.class, PeerSerializers.OfVisit.INSTANCE);
  private static final TypeInformation<PeerSession> SESSION =
      PeerSerializers.type(PeerSession.class, PeerSerializers.OfSession.INSTANCE);

  private static Configuration configuration(PeerFlags flags) {
    Configuration configuration = GlobalConfiguration.loadConfiguration(flags.folder().toString());
    configuration.set(
        StateBackendOptions.STATE_BACKEND, flags.state().equals("heap") ? "hashmap" : "rocksdb");
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        flags.folder().resolve("checkpoints").toUri().toString());
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    return configuration;
  }

  private static KafkaSource<PeerVisit> source(PeerFlags flags) {
    KafkaSourceBuilder<PeerVisit> source =
        KafkaSource.<PeerVisit>builder()
            .setBootstrapServers(flags.bootstrapServers())
            .setGroupId(flags.output())
            .setTopics(flags.input())
            .setProperties(consumer())
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setDeserializer(KafkaRecordDeserializationSchema.valueOnly(new ReadVisit()));
    return flags.bounded()
        ? source.setBounded(OffsetsInitializer.latest()).build()
        : source.build();
  }

  private static Properties consumer() {
    Properties config = new Properties();
    config.putAll(KafkaClients.CONSUMER);
    config.setProperty(
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, String.valueOf(KafkaClients.MAX_POLL_RECORDS));
    return config;
  }

  private static WatermarkStrategy<PeerVisit> watermarks() {
    return WatermarkStrategy.<PeerVisit>forBoundedOutOfOrderness(PeerFlags.MAX_OUT_OF_ORDERNESS)
        .withTimestampAssigner((visit, timestamp) -> visit.timeMillis)
        .withIdleness(Duration.ofSeconds(30));
  }

  private static KafkaSink<PeerSession> sink(PeerFlags flags) {
    Properties config = new Properties();
    config.putAll(KafkaClients.PRODUCER);
    return KafkaSink.<PeerSession>builder()
        .setBootstrapServers(flags.bootstrapServers())
        .setKafkaProducerConfig(config)
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(new WriteSession(flags.output()))
        .build();
  }

  /** Malformed records are left out. */
  private static final class ReadVisit implements DeserializationSchema<PeerVisit> {
    private static final long serialVersionUID = 1L;
    private transient PeerVisitReader reader;

    @Override
    public void open(InitializationContext context) {
      reader = new PeerVisitReader();
    }

    @Override
    public PeerVisit deserialize(byte[] message) throws IOException {
      return reader.read(message);
    }

    @Override
    public void deserialize(byte[] message, Collector<PeerVisit> out) {
      PeerVisit visit;
      try {
        visit = reader.read(message);
      } catch (IOException e) {
        return;
      }
      out.collect(visit);
    }

    @Override
    public boolean isEndOfStream(PeerVisit next) {
      return false;
    }

    @Override
    public TypeInformation<PeerVisit> getProducedType() {
      return VISIT;
    }
  }

  private static final class CollectPages
      implements AggregateFunction<PeerVisit, PeerSession, PeerSession> {
    private static final long serialVersionUID = 1L;

    @Override
    public PeerSession createAccumulator() {
      return new PeerSession();
    }

    @Override
    public PeerSession add(PeerVisit visit, PeerSession session) {
      session.add(visit);
      return session;
    }

    @Override
    public PeerSession getResult(PeerSession session) {
      return session;
    }

    @Override
    public PeerSession merge(PeerSession a, PeerSession b) {
      a.addAll(b);
      return a;
    }
  }

  private static final class WriteSession implements KafkaRecordSerializationSchema<PeerSession> {
    private static final long serialVersionUID = 1L;
    private final String topic;
    private transient PeerSessionWriter writer;

    private WriteSession(String topic) {
      this.topic = topic;
    }

    @Override
    public void open(
        org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext context,
        KafkaSinkContext sinkContext) {
      writer = new PeerSessionWriter();
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        PeerSession session, KafkaSinkContext context, Long timestamp) {
      session.sort();
      return new ProducerRecord<>(topic, writer.key(session), writer.value(session));
    }
  }
}
