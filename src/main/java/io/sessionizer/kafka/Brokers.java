package io.sessionizer.kafka;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How the visits' brokers are reached, as of one start of the job.
 *
 * <p>A source that Flink restores from a savepoint comes as it was when the job was first started,
 * with its brokers and its login of then. The step behind it is of the last start, is in the same
 * process, and is set up before the source reads: it announces how the brokers are reached now.
 *
 * @param bootstrapServers brokers to begin with
 * @param settings the user's settings, but for those that KafkaIO has to know
 * @param asOf when the job was started, in epoch milliseconds: what is newer counts
 */
record Brokers(String bootstrapServers, ClientSettings settings, long asOf)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** By topic of visits: the tests run several jobs in one JVM. */
  private static final ConcurrentMap<String, Brokers> ANNOUNCED = new ConcurrentHashMap<>();

  /** From now on {@link #client} of older ones for the same topic knows of these. */
  void announce(String topic) {
    ANNOUNCED.merge(topic, this, Brokers::newer);
  }

  /** Returns the configuration of a client that reads {@code topic}. */
  Map<String, Object> client(String topic, Map<String, Object> config) {
    Brokers newest = newer(this, ANNOUNCED.getOrDefault(topic, this));
    Map<String, Object> all = new HashMap<>(config);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, newest.bootstrapServers);
    return newest.settings.over(all);
  }

  private static Brokers newer(Brokers one, Brokers other) {
    return other.asOf > one.asOf ? other : one;
  }
}
