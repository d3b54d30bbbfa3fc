package io.sessionizer.kafka.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warnings about settings that Kafka clients would ignore without a message: brokers, which have a
 * flag of their own, and names that no client knows. Settings of plugins (JAAS modules,
 * interceptors, config providers) are unknown as well, so only near misses are reported.
 */
public final class IgnoredSettings {
  private static final Logger LOG = LoggerFactory.getLogger(IgnoredSettings.class);

  private static final Set<String> KNOWN = known();
  private static final String CONFIG_PROVIDER = AbstractConfig.CONFIG_PROVIDERS_CONFIG + ".";

  /** Suffixes of names that are easily omitted. */
  private static final List<String> UNITS = List.of(".ms", ".bytes", ".seconds", ".records");

  /** A name shorter than this may have one wrong character, a longer one two. */
  private static final int SHORT_NAME = 10;

  private IgnoredSettings() {}

  /**
   * Logs a warning for each ignored setting.
   *
   * @param flag where the settings come from
   * @param bootstrapServers the brokers that are used
   */
  public static void warn(String flag, Map<String, String> config, String bootstrapServers) {
    warnings(flag, config, bootstrapServers).forEach(LOG::warn);
  }

  static List<String> warnings(String flag, Map<String, String> config, String bootstrapServers) {
    List<String> warnings = new ArrayList<>();
    String brokers = CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;
    if (!config.getOrDefault(brokers, bootstrapServers).equals(bootstrapServers)) {
      warnings.add(
          "%s: %s is ignored, --bootstrapServers=%s is used"
              .formatted(flag, brokers, bootstrapServers));
    }
    for (String name : new TreeSet<>(config.keySet())) {
      nearest(name)
          .ifPresent(
              known ->
                  warnings.add(
                      "%s: Kafka ignores %s, which it does not know; did you mean %s?"
                          .formatted(flag, name, known)));
    }
    return warnings;
  }

  private static Optional<String> nearest(String name) {
    if (KNOWN.contains(name) || name.startsWith(CONFIG_PROVIDER)) {
      return Optional.empty();
    }
    String letters = letters(name);
    int best = letters.length() < SHORT_NAME ? 1 : 2;
    String nearest = null;
    for (String known : KNOWN) {
      int distance = Math.min(distance(letters, known), distance(letters, withoutUnit(known)));
      if (distance < best || (distance == best && nearest == null)) {
        best = distance;
        nearest = known;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Returns how many characters have to be added, removed or replaced (Levenshtein). */
  private static int distance(String letters, String known) {
    String wanted = letters(known);
    int[] distances = IntStream.rangeClosed(0, wanted.length()).toArray();
    for (int i = 1; i <= letters.length(); i++) {
      int diagonal = distances[0];
      distances[0] = i;
      for (int j = 1; j <= wanted.length(); j++) {
        int replaced = diagonal + (letters.charAt(i - 1) == wanted.charAt(j - 1) ? 0 : 1);
        diagonal = distances[j];
        distances[j] = Math.min(replaced, 1 + Math.min(diagonal, distances[j - 1]));
      }
    }
    return distances[wanted.length()];
  }

  private static String withoutUnit(String name) {
    return UNITS.stream()
        .filter(name::endsWith)
        .findFirst()
        .map(unit -> name.substring(0, name.length() - unit.length()))
        .orElse(name);
  }

  /** Equal for {@code isolation_level}, {@code isolationLevel} and {@code isolation.level}. */
  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static Set<String> known() {
    Set<String> known = new TreeSet<>(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    known.addAll(AdminClientConfig.configNames());
    known.add(AbstractConfig.CONFIG_PROVIDERS_CONFIG);
    return known;
  }
}
