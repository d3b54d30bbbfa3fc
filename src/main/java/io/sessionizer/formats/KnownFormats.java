package io.sessionizer.formats;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The formats in the jar, a file each. */
public final class KnownFormats {
  /** Their names, in the order of the documentation. */
  public static final List<String> NAMES =
      List.of(
          "segment",
          "snowplow-json",
          "snowplow-tsv",
          "ga4",
          "posthog",
          "matomo",
          "cloudfront",
          "combined",
          "nginx-json",
          "reference");

  private KnownFormats() {}

  /** Returns the file of a format as it is. */
  public static String file(String name) {
    try (InputStream file = KnownFormats.class.getResourceAsStream(name + ".yaml")) {
      if (file == null || !NAMES.contains(name)) {
        throw new IllegalArgumentException("no such format: " + name);
      }
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from the jar", e);
    }
  }

  /** Returns a format. */
  public static InputFormat format(String name) {
    List<String> problems = new ArrayList<>();
    InputFormat format = FormatFile.read(name, problems).inputFormat(problems);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("a format in the jar is wrong: " + problems);
    }
    return format;
  }

  /** Returns what a format is for: the first line of its file, without the full stop. */
  public static String summary(String name) {
    String first = file(name).lines().findFirst().orElseThrow();
    return first.substring("# ".length(), first.length() - 1);
  }
}
