package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.config.Privacy;
import io.sessionizer.config.Settings;
import io.sessionizer.records.PseudonymKey;
import io.sessionizer.records.Pseudonyms;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The key of pseudonyms that a config provider has, in UTF-8. It is requested where it is needed.
 */
public final class ProvidedPseudonymKey implements PseudonymKey {
  private static final long serialVersionUID = 1L;
  private static final String KEY = "pseudonym.key";

  private final String reference;
  private final HashMap<String, String> providers = new HashMap<>();

  private ProvidedPseudonymKey(String reference, Map<String, String> config) {
    this.reference = reference;
    config.forEach(
        (name, value) -> {
          if (name.startsWith(AbstractConfig.CONFIG_PROVIDERS_CONFIG)) {
            providers.put(name, value);
          }
        });
  }

  /** Returns the pseudonyms of private sessions; null if these have none. */
  public static @Nullable Pseudonyms pseudonyms(Settings settings) {
    Privacy privacy = settings.privacy();
    return privacy.hasPseudonyms()
        ? new Pseudonyms(privacy.privateField().id(), key(settings))
        : null;
  }

  /**
   * Requests the key, if private sessions have pseudonyms.
   *
   * @return what is wrong with it; null if nothing is
   */
  public static @Nullable String problem(Settings settings) {
    try {
      if (settings.privacy().hasPseudonyms()) {
        key(settings).bytes();
      }
      return null;
    } catch (KafkaException e) {
      return "--pseudonymKey=%s: %s".formatted(settings.privacy().key(), e.getMessage());
    }
  }

  private static ProvidedPseudonymKey key(Settings settings) {
    return new ProvidedPseudonymKey(settings.privacy().key(), settings.producerConfig());
  }

  @Override
  public byte[] bytes() {
    Map<String, String> config = new HashMap<>(providers);
    config.put(KEY, reference);
    Object key = new AbstractConfig(new ConfigDef(), config, false).originals().get(KEY);
    if (key == null || key.equals(reference) || key.toString().isBlank()) {
      throw new KafkaException(
          providers.isEmpty()
              ? "no config provider; name one with --producerConfig=config.providers=..."
              : "its config provider does not have it");
    }
    return key.toString().getBytes(UTF_8);
  }
}
