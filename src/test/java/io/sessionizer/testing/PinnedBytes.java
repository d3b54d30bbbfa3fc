package io.sessionizer.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a version of a coder writes for the example of its test: a line of {@code coder-bytes.txt}.
 *
 * @param coder the simple name of the coder's class
 * @param version the version
 * @param hex the bytes, version first
 */
public record PinnedBytes(String coder, int version, String hex) {
  private static final Pattern LINE = Pattern.compile("(\\w+) (\\d+): ([0-9a-f ]+)");

  /** All versions of all coders. */
  public static List<PinnedBytes> all() {
    try (InputStream in = PinnedBytes.class.getResourceAsStream("/coder-bytes.txt")) {
      String table = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return table
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(PinnedBytes::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The versions of a coder, oldest first. */
  public static List<PinnedBytes> of(String coder) {
    return all().stream().filter(pinned -> pinned.coder().equals(coder)).toList();
  }

  private static PinnedBytes parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a line of pinned bytes: " + line);
    }
    return new PinnedBytes(
        matcher.group(1), Integer.parseInt(matcher.group(2)), matcher.group(3).replace(" ", ""));
  }
}
