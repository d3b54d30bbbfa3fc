package io.sessionizer.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Settings for Kafka clients as a user gives them. */
public final class KafkaConfig {
  private KafkaConfig() {}

  /**
   * Reads {@code KEY=VALUE}, or the properties file of this path.
   *
   * @throws IOException if it is neither; says so
   */
  public static Map<String, String> read(String text) throws IOException {
    int equals = text.indexOf('=');
    if (equals > 0) {
      return Map.of(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
    }
    Properties properties = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of(text))) {
      properties.load(file);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("neither KEY=VALUE nor a properties file that can be read", e);
    }
    Map<String, String> config = new HashMap<>();
    properties.stringPropertyNames().forEach(k -> config.put(k, properties.getProperty(k)));
    return config;
  }
}
