package io.sessionizer.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Settings for Kafka clients as a user gives them. Byte order marks and blanks around names and
 * values are left out, except blanks at the end of a value that may be a password.
 */
public final class KafkaConfig {
  /** Also blanks that web pages and word processors have, which Java and Kafka do not strip. */
  private static final String BLANKS = "[\\s\\p{Z}\\u200B\\uFEFF]+";

  private KafkaConfig() {}

  /**
   * Reads {@code KEY=VALUE}, or the properties file of this path.
   *
   * @throws IOException if it is neither; the message says so
   */
  public static Map<String, String> read(String text) throws IOException {
    Map<String, String> config = new HashMap<>();
    int equals = text.indexOf('=');
    if (equals > 0) {
      put(config, text.substring(0, equals), text.substring(equals + 1));
      return config;
    }
    Properties properties = new Properties();
    try (Reader file = UserFile.open(Path.of(text))) {
      properties.load(file);
    } catch (IOException | IllegalArgumentException e) {
      String why = e.getCause() instanceof CharacterCodingException ? ": " + e.getMessage() : "";
      throw new IOException("must be KEY=VALUE, or a properties file that can be read" + why, e);
    }
    properties.stringPropertyNames().forEach(k -> put(config, k, properties.getProperty(k)));
    return config;
  }

  /** Returns a text for {@link #read} as messages show it: without what may be a password. */
  public static String shown(String text) {
    return text.replaceFirst("(?s)[=:\\s].*", "...");
  }

  private static void put(Map<String, String> config, String name, String value) {
    String stripped = value.replaceFirst("^" + BLANKS, "");
    config.put(
        name.replaceAll("^" + BLANKS + "|" + BLANKS + "$", ""),
        mayBePassword(name) ? stripped : stripped.replaceFirst(BLANKS + "$", ""));
  }

  private static boolean mayBePassword(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("password") || lower.contains("secret") || lower.contains("jaas");
  }
}
