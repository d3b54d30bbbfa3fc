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
 * A preflight check that opens a producer as the job's workers will, and has it look up the topics:
 * without it, settings that do not work would fail the job with its first record, many minutes
 * later.
 */
public final class ProducerCheck {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private ProducerCheck() {}

  /**
   * Tries the settings for writing.
   *
   * @throws NotReadyException if no producer can be created with them, or it does not find the
   *     topics
   */
  public static void require(Settings settings, List<String> topics) throws NotReadyException {
    ClientFailure failure =
        new ClientFailure(
            settings.bootstrapServers(), settings.producerConfig(), "--producerConfig");
    Producer<byte[], byte[]> producer;
    try {
      compress(settings);
      producer = WriteRecords.producerToTry(settings, ClientFailure.TIMEOUT);
    } catch (KafkaException e) {
      throw failure.unusable(e);
    }
    try {
      topics.forEach(producer::partitionsFor);
    } catch (TimeoutException e) {
      long timeout = ClientFailure.TIMEOUT.toMillis();
      throw given(settings).number(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout) < timeout
          ? new NotReadyException(
              "--producerConfig=max.block.ms=%s: too short for a producer to look up its topics"
                  .formatted(settings.producerConfig().get(ProducerConfig.MAX_BLOCK_MS_CONFIG)))
          : failure.notReady(e);
    } catch (KafkaException e) {
      throw failure.notReady(e);
    } finally {
      producer.close(CLOSE_TIMEOUT);
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
          "--producerConfig=compression.type=%s: this machine does not support this compression: %s"
              .formatted(type, e));
    }
  }

  private static ResolvedClientSettings given(Settings settings) {
    return new ResolvedClientSettings(
        "--producerConfig", settings.producerConfig(), ProducerConfig.configDef());
  }
}
