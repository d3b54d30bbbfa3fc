package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.io.kafka.ProducerRecordCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records of bytes, at least once: a bundle completes when the broker has all of its
 * records.
 */
public final class WriteRecords
    extends PTransform<PCollection<ProducerRecord<byte[], byte[]>>, PDone> {
  private static final long serialVersionUID = 1L;

  private static final NullableCoder<byte[]> BYTES = NullableCoder.of(ByteArrayCoder.of());

  /** The coder of records of bytes, keys and values possibly null. */
  static final Coder<ProducerRecord<byte[], byte[]>> CODER = ProducerRecordCoder.of(BYTES, BYTES);

  /** The largest record that a producer sends, in bytes: its whole buffer. */
  public static final int MAX_REQUEST_BYTES = 32 << 20;

  private final transient Settings settings;
  private final transient String topic;
  private final transient Delivery delivery;
  private final transient Map<String, Object> config;

  WriteRecords(Settings settings, String topic, Delivery delivery, Map<String, Object> config) {
    this.settings = settings;
    this.topic = topic;
    this.delivery = delivery;
    this.config = config;
  }

  @Override
  public PDone expand(PCollection<ProducerRecord<byte[], byte[]>> records) {
    Map<String, Object> producerConfig = producerConfig(config);
    PCollection<ProducerRecord<byte[], byte[]>> ready =
        switch (delivery) {
          case AT_ONCE -> records;
          case AFTER_CHECKPOINT -> records.apply("AfterCheckpoint", new BufferUntilCheckpoint());
        };
    return ready.apply(
        "WriteKafka",
        KafkaIO.<byte[], byte[]>writeRecords()
            .withBootstrapServers(settings.bootstrapServers())
            .withTopic(topic)
            .withKeySerializer(ByteArraySerializer.class)
            .withValueSerializer(ByteArraySerializer.class)
            .withProducerConfigUpdates(producerConfig)
            .withProducerFactoryFn(
                new ProducerFactory(new ClientSettings(settings.producerConfig()))));
  }

  /** Returns the coder of records that may be written as they were read. */
  static Coder<ProducerRecord<byte[], byte[]>> coder(Settings settings) {
    return settings.inputFormat().isDefault() ? CODER : new ProducedRecordCoder();
  }

  /** Returns the settings of a producer, {@code more} included. */
  private static Map<String, Object> producerConfig(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    // The end of a bundle flushes at once; until then few large requests are cheaper.
    config.put(ProducerConfig.LINGER_MS_CONFIG, 100);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    return config;
  }

  /** Returns the largest record that a producer sends with these settings, in bytes. */
  public static int maxRequestBytes(Map<String, String> config) {
    if (!config.containsKey(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)
        && !config.containsKey(ProducerConfig.BUFFER_MEMORY_CONFIG)) {
      return MAX_REQUEST_BYTES; // without resolving a config provider
    }
    var given = new ResolvedClientSettings("--producerConfig", config, ProducerConfig.configDef());
    long request =
        given.text(ProducerConfig.MAX_REQUEST_SIZE_CONFIG).isPresent()
            ? given.number(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES)
            : MAX_REQUEST_BYTES;
    long buffer = given.number(ProducerConfig.BUFFER_MEMORY_CONFIG, MAX_REQUEST_BYTES);
    return (int) Math.min(request, buffer);
  }

  /**
   * Opens a producer as the job's workers do, to try the user's settings.
   *
   * @param patience for how long it waits for brokers at most
   */
  public static Producer<byte[], byte[]> producerToTry(Settings settings, Duration patience) {
    ClientSettings client = new ClientSettings(settings.producerConfig());
    Map<String, Object> config = producerConfig(WriteSessions.PRODUCER_CONFIG);
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    Map<String, Object> all = client.over(config);
    var given =
        new ResolvedClientSettings(
            "--producerConfig", settings.producerConfig(), ProducerConfig.configDef());
    all.put(
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        Math.min(
            patience.toMillis(),
            given.number(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience.toMillis())));
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private record ProducerFactory(ClientSettings client)
      implements SerializableFunction<Map<String, Object>, Producer<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Producer<byte[], byte[]> apply(Map<String, Object> config) {
      return new KafkaProducer<>(
          client.over(config), new ByteArraySerializer(), new ByteArraySerializer());
    }
  }
}
