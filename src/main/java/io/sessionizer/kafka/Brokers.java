package io.sessionizer.kafka;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The addresses and settings with which a job connects to the brokers of its visits, and what it
 * commits there with its offsets, as of one start of the job.
 *
 * <p>Flink restores the source of a savepoint with the brokers and credentials of the job's first
 * start. The step behind the source is of the last start, is in the same process, and is set up
 * before the source reads: it announces the brokers of the last start.
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

  /**
   * By topic of visits, as tests run several jobs in one JVM. Static, because a restored source and
   * the step behind it are deserialized from different starts, and have nothing else in common.
   */
  private static final ConcurrentMap<String, Brokers> ANNOUNCED = new ConcurrentHashMap<>();

  /** Overrides older brokers for the same topic, in {@link #client}. */
  void announce(String topic) {
    ANNOUNCED.merge(topic, this, Brokers::newer);
  }

  /** Returns the configuration of a client that reads {@code topic}. */
  Map<String, Object> client(String topic, Map<String, Object> config) {
    Brokers newest = newest(topic);
    Map<String, Object> all = new HashMap<>(config);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, newest.bootstrapServers);
    return newest.settings.over(all);
  }

  /** Returns an offset to commit, with what the job commits with it. */
  OffsetAndMetadata toCommit(String topic, OffsetAndMetadata offset) {
    JobFingerprint newest = newest(topic).fingerprint;
    return newest == null ? offset : newest.addTo(offset);
  }

  private Brokers newest(String topic) {
    return newer(this, ANNOUNCED.getOrDefault(topic, this));
  }

  private static Brokers newer(Brokers one, Brokers other) {
    return other.asOf > one.asOf ? other : one;
  }
}
