package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The file of a folder that says where the seam is, and by which rules sessions were formed: a JSON
 * object with {@code seam}, a time, and {@code flags}, an object of texts.
 *
 * @param seam the time of the seam
 * @param flags the flags that decide where a session ends, by name
 */
record SeamFile(Instant seam, Map<String, String> flags) {
  /** Its name. */
  static final String NAME = "seam.json";

  private static final String SEAM = "seam";
  private static final String FLAGS = "flags";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns the file's text. */
  String text() {
    ObjectNode json = JSON.createObjectNode().put(SEAM, seam.toString());
    ObjectNode all = json.putObject(FLAGS);
    flags.forEach(all::put);
    return json.toPrettyString() + "\n";
  }

  /**
   * Requires the same rules for where sessions end.
   *
   * @param flag has named the folder of this file
   * @throws NotReadyException with the flag that differs
   */
  void requireSameFlags(String flag, String folder, Settings settings) throws NotReadyException {
    Map<String, String> others = settings.policyAsFlags();
    Set<String> names = new TreeSet<>(others.keySet());
    names.addAll(flags.keySet());
    for (String name : names) {
      if (!Objects.equals(flags.get(name), others.get(name))) {
        throw new NotReadyException(
            "%s=%s: was written by a job %s, and this one has %s: use the same"
                .formatted(
                    flag,
                    folder,
                    flags.containsKey(name)
                        ? "with %s=%s".formatted(name, flags.get(name))
                        : "without " + name,
                    others.containsKey(name)
                        ? "%s=%s".formatted(name, others.get(name))
                        : "no " + name));
      }
    }
  }

  /**
   * Reads the file.
   *
   * @throws IOException if it was not written by {@link #text}
   */
  static SeamFile read(byte[] text) throws IOException {
    JsonNode json = JSON.readTree(new String(text, UTF_8));
    Map<String, String> flags = new TreeMap<>();
    for (Map.Entry<String, JsonNode> flag : json.path(FLAGS).properties()) {
      flags.put(flag.getKey(), flag.getValue().asText());
    }
    try {
      return new SeamFile(Instant.parse(json.path(SEAM).asText()), flags);
    } catch (DateTimeException e) {
      throw new IOException("it has no time of a seam", e);
    }
  }
}
