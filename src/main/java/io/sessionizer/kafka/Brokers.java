package io.sessionizer.kafka;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The addresses and settings with which a job connects to the brokers of its visits, and what it
 * commits there with its offsets, as of one start of the job ({@link JobStart}).
 *
 * @param bootstrapServers brokers to connect to first
 * @param settings the user's settings, except for those that KafkaIO has to know
 * @param fingerprint committed with the offsets; null in a job that was started before there was
 *     one
 * @param asOf when the job was started, in epoch milliseconds: the newest one takes precedence
 */
record Brokers(
    String bootstrapServers,
    ClientSettings settings,
    @Nullable JobFingerprint fingerprint,
    long asOf)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Returns the configuration of a client. */
  Map<String, Object> client(Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return settings.over(all);
  }

  /** Returns an offset to commit, with what the job commits with it. */
  OffsetAndMetadata toCommit(OffsetAndMetadata offset) {
    return fingerprint == null ? offset : fingerprint.addTo(offset);
  }
}
