package io.sessionizer.kafka.admin;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.ResolvedClientSettings;
import io.sessionizer.kafka.WriteRecords;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;

/**
 * Opens a producer as the job's workers will, and has it look for the topics: the first record may
 * be due many minutes after the start of the job.
 */
public final class ProducerCheck {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private ProducerCheck() {}

  /**
   * Tries the settings for writing.
   *
   * @throws NotReadyException if no producer can be made with them, or it does not find the topics
   */
  public static void require(Settings settings, List<String> topics) throws NotReadyException {
    ClientFailure failure =
        new ClientFailure(
            settings.bootstrapServers(), settings.producerConfig(), "--producerConfig");
    Producer<byte[], byte[]> producer;
    try {
      compress(settings);
      producer = WriteRecords.producerToTry(settings, ClientFailure.PATIENCE);
    } catch (KafkaException e) {
      throw failure.unusable(e);
    }
    try {
      topics.forEach(producer::partitionsFor);
    } catch (TimeoutException e) {
      long patience = ClientFailure.PATIENCE.toMillis();
      throw given(settings).number(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience) < patience
          ? new NotReadyException(
              "--producerConfig=max.block.ms=%s: a producer needs longer to find its topics"
                  .formatted(settings.producerConfig().get(ProducerConfig.MAX_BLOCK_MS_CONFIG)))
          : failure.notReady(e);
    } catch (KafkaException e) {
      throw failure.notReady(e);
    } finally {
      producer.close(CLOSE_PATIENCE);
    }
  }

  /** Compression may need a library that does not load, on Alpine Linux, for one. */
  private static void compress(Settings settings) throws NotReadyException {
    Object type = given(settings).value(ProducerConfig.COMPRESSION_TYPE_CONFIG);
    try {
      MemoryRecords.withRecords(
          Compression.of(String.valueOf(type)).build(), new SimpleRecord(new byte[1]));
    } catch (KafkaException | LinkageError e) {
      throw new NotReadyException(
          "--producerConfig=compression.type=%s: this machine cannot compress so: %s"
              .formatted(type, e));
    }
  }

  private static ResolvedClientSettings given(Settings settings) {
    return new ResolvedClientSettings(
        "--producerConfig", settings.producerConfig(), ProducerConfig.configDef());
  }
}
