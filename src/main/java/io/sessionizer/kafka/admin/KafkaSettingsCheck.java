package io.sessionizer.kafka.admin;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.kafka.ResolvedClientSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A preflight check of the user's Kafka settings, without a broker. It rejects settings that no
 * client accepts, and those with which the job would run, but break its guarantees without a
 * message.
 */
public final class KafkaSettingsCheck {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaSettingsCheck.class);

  private static final String CONSUMER = "--consumerConfig";
  private static final String PRODUCER = "--producerConfig";
  private static final String REMOVE = "; leave this setting out";

  /** A fetch that waits longer than this fraction of the request's timeout may never succeed. */
  private static final int FETCHES_PER_TIMEOUT = 2;

  private KafkaSettingsCheck() {}

  /**
   * Checks the settings for reading and those for writing.
   *
   * @param maxSessionBytes the largest record of a session, in bytes
   * @throws NotReadyException with every setting that is rejected
   */
  public static void require(Settings settings, int maxSessionBytes) throws NotReadyException {
    Map<String, String> reading = settings.consumerConfig();
    Map<String, String> writing = settings.producerConfig();
    IgnoredSettings.warn(CONSUMER, reading, settings.bootstrapServers());
    IgnoredSettings.warn(PRODUCER, writing, settings.bootstrapServers());
    List<String> problems = new ArrayList<>();
    problems.addAll(problems(CONSUMER, reading, () -> reading(reading)));
    problems.addAll(problems(PRODUCER, writing, () -> writing(writing, maxSessionBytes)));
    if (!problems.isEmpty()) {
      throw new NotReadyException(problems);
    }
  }

  /**
   * Checks settings of a plain producer, which guarantees nothing.
   *
   * @throws NotReadyException with every setting that is rejected
   */
  public static void requireWritable(String flag, Map<String, String> config)
      throws NotReadyException {
    List<String> problems = problems(flag, config, () -> transactionless(flag, config));
    if (!problems.isEmpty()) {
      throw new NotReadyException(problems);
    }
  }

  private static List<String> problems(
      String flag, Map<String, String> config, Supplier<ResolvedClientSettings> check) {
    try {
      ResolvedClientSettings given = check.get();
      given.warnings().forEach(LOG::warn);
      return given.problems();
    } catch (KafkaException e) {
      return List.of(new ClientFailure("", config, flag).unusable(e).getMessage());
    }
  }

  private static ResolvedClientSettings transactionless(String flag, Map<String, String> config) {
    var given = new ResolvedClientSettings(flag, config, ProducerConfig.configDef());
    given.forbid(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
        "records are written without transactions" + REMOVE);
    return given;
  }

  /**
   * Resolves and checks settings for reading.
   *
   * @throws KafkaException if a reference to a config provider cannot be resolved
   */
  static ResolvedClientSettings reading(Map<String, String> config) {
    var given = new ResolvedClientSettings(CONSUMER, config, ConsumerConfig.configDef());
    given.requireOnly(
        false,
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        "the job commits offsets with its checkpoints; automatic commits could lose visits"
            + REMOVE);
    given.requireOnly(
        "earliest",
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "after retention has deleted records, the job resumes at the earliest one that is left; set"
            + " where to start with --startFrom");
    if (given.text(ConsumerConfig.GROUP_ID_CONFIG).filter(String::isBlank).isPresent()) {
      given.report(
          ConsumerConfig.GROUP_ID_CONFIG, "must not be empty: offsets are committed under it");
    }
    checkFetchWait(given);
    return given;
  }

  /** A fetch that returns after its request has timed out is repeated forever. */
  private static void checkFetchWait(ResolvedClientSettings given) {
    String wait = ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG;
    String timeout = ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG;
    long waitMillis = given.number(wait, 0);
    long timeoutMillis = given.number(timeout, Long.MAX_VALUE);
    if (waitMillis * FETCHES_PER_TIMEOUT > timeoutMillis) {
      given.report(
          given.text(wait).isPresent() ? wait : timeout,
          "requests would time out before a record is read: set %s (%s) to at most half of %s (%s)"
              .formatted(wait, waitMillis, timeout, timeoutMillis));
    }
  }

  /**
   * Resolves and checks settings for writing.
   *
   * @param maxSessionBytes the largest record of a session, in bytes
   * @throws KafkaException if a reference to a config provider cannot be resolved
   */
  static ResolvedClientSettings writing(Map<String, String> config, int maxSessionBytes) {
    var given = transactionless(PRODUCER, config);
    if (given.text(ProducerConfig.ACKS_CONFIG).filter("-1"::equals).isEmpty()) {
      given.requireOnly(
          "all",
          ProducerConfig.ACKS_CONFIG,
          "a record that not all replicas have can be lost" + REMOVE);
    }
    String order = "a retry could write an older revision behind a newer one" + REMOVE;
    given.requireOnly(true, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, order);
    given.requireAtMost(5, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, order);
    given.requireAtLeast(1, ProducerConfig.RETRIES_CONFIG, order);
    String partition = "all records of a visit id are in one partition" + REMOVE;
    given.forbid(ProducerConfig.PARTITIONER_CLASS_CONFIG, partition);
    given.requireOnly(false, ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, partition);
    String size = "a session may have that many bytes (--maxSessionBytes)" + REMOVE;
    given.requireAtLeast(maxSessionBytes, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, size);
    given.requireAtLeast(maxSessionBytes, ProducerConfig.BUFFER_MEMORY_CONFIG, size);
    return given;
  }
}
