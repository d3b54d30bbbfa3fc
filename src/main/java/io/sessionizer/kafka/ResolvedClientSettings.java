package io.sessionizer.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.ConfigValue;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The user's settings for one kind of Kafka client, with references to config providers resolved,
 * and their problems. No message contains the value of a reference.
 */
public final class ResolvedClientSettings {
  /** The job has its own, so classes of another program in the settings do not matter. */
  private static final Set<String> REPLACED =
      Set.of(
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

  private final String flag;
  private final Map<String, String> given;
  private final Map<String, String> resolved = new HashMap<>();
  private final Map<String, ConfigValue> values = new HashMap<>();
  private final Map<String, String> problems = new TreeMap<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * Resolves and checks settings.
   *
   * @param flag where they come from
   * @param definition the settings that the client knows
   * @throws KafkaException if a reference cannot be resolved
   */
  public ResolvedClientSettings(String flag, Map<String, String> given, ConfigDef definition) {
    this.flag = flag;
    this.given = given;
    // As a client resolves them.
    new AbstractConfig(new ConfigDef(), given, false)
        .originals()
        .forEach((name, value) -> resolved.put(name, String.valueOf(value)));
    definition.validate(resolved).forEach(value -> values.put(value.name(), value));
    values.keySet().removeAll(REPLACED);
    given.forEach(this::checkValue);
    resolved.keySet().forEach(this::checkReference);
  }

  private void checkValue(String name, String text) {
    ConfigValue value = values.get(name);
    if (value != null && !value.errorMessages().isEmpty()) {
      boolean isReference = !text.equals(resolved.get(name));
      problems.put(
          name,
          isReference
              ? shown(name) + ": the value that it refers to is not valid for " + name
              : flag + ": " + value.errorMessages().get(0));
    }
  }

  /** Kafka does not replace a reference, not even that of a password, without a value. */
  private void checkReference(String name) {
    Matcher reference = ConfigTransformer.DEFAULT_PATTERN.matcher(resolved.get(name));
    if (reference.find()) {
      if (text(AbstractConfig.CONFIG_PROVIDERS_CONFIG).stream()
          .flatMap(providers -> Stream.of(providers.split("\\s*,\\s*")))
          .anyMatch(reference.group(1)::equals)) {
        problems.put(
            name,
            "%s: %s refers to %s, which its config provider does not have"
                .formatted(flag, name, reference.group()));
      } else {
        warnings.add(
            "%s: %s looks like a reference, but config.providers names no provider for it"
                .formatted(flag, name));
      }
    }
  }

  /** Returns the problems, one line each. */
  public List<String> problems() {
    return List.copyOf(problems.values());
  }

  /** Returns the warnings, one line each. */
  public List<String> warnings() {
    return warnings;
  }

  /** Returns the effective value of a setting that the client knows; null if it is not valid. */
  public @Nullable Object value(String name) {
    ConfigValue value = values.get(name);
    return value == null ? null : value.value();
  }

  /** Returns the effective value of a number; {@code otherwise} if it is not valid. */
  public long number(String name, long otherwise) {
    return value(name) instanceof Number number ? number.longValue() : otherwise;
  }

  /** Returns the text that the user gave, if any. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(resolved.get(name));
  }

  /** Adds a problem if a setting is given and does not have the one value that it can have. */
  public void requireOnly(Object allowed, String name, String why) {
    Object value = value(name);
    if (given.containsKey(name) && value != null && !value.equals(allowed)) {
      report(name, "must be " + allowed + ": " + why);
    }
  }

  /** Adds a problem if a setting is given at all. */
  public void forbid(String name, String why) {
    if (given.containsKey(name)) {
      report(name, "must not be set: " + why);
    }
  }

  /** Adds a problem if a setting is given and less than {@code least}. */
  public void requireAtLeast(long least, String name, String why) {
    if (given.containsKey(name) && number(name, least) < least) {
      report(name, "must be " + least + " or more: " + why);
    }
  }

  /** Adds a problem if a setting is given and more than {@code most}. */
  public void requireAtMost(long most, String name, String why) {
    if (given.containsKey(name) && number(name, most) > most) {
      report(name, "must be " + most + " or less: " + why);
    }
  }

  /** Adds a problem with a setting, in place of another one. */
  public void report(String name, String problem) {
    problems.put(name, shown(name) + ": " + problem);
  }

  private String shown(String name) {
    return flag + "=" + name + "=" + given.get(name);
  }
}
