package io.sessionizer.kafka;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The user's settings for Kafka clients, which the worker adds when it creates a client. They may
 * contain secrets, so they are not given to KafkaIO, which shows its configuration in its display
 * data. References to config providers are resolved by the client.
 */
final class ClientSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, String> settings;

  ClientSettings(Map<String, String> settings) {
    this.settings = new HashMap<>(settings);
  }

  /** Returns the settings in {@code config}, overridden by these, except for the brokers. */
  Map<String, Object> over(Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.putAll(settings);
    String brokers = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;
    all.put(brokers, config.get(brokers));
    return all;
  }

  /** Returns the names without values. */
  @Override
  public String toString() {
    return new TreeSet<>(settings.keySet()).toString();
  }
}
