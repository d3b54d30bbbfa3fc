package io.sessionizer.kafka;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The user's settings for Kafka clients, on their way to where a client is made, in the worker.
 * They may hold secrets, so they do not go through KafkaIO, which shows what it is told in its
 * display data. References to config providers stay as they are until a client resolves them.
 */
final class ClientSettings implements Serializable {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, String> settings;

  ClientSettings(Map<String, String> settings) {
    this.settings = new HashMap<>(settings);
  }

  /** Returns the settings in {@code config}, and these, which count more; but no other brokers. */
  Map<String, Object> over(Map<String, Object> config) {
    Map<String, Object> all = new HashMap<>(config);
    all.putAll(settings);
    String brokers = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;
    all.put(brokers, config.get(brokers));
    return all;
  }

  /** The names alone. */
  @Override
  public String toString() {
    return new TreeSet<>(settings.keySet()).toString();
  }
}
