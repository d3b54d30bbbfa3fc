package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The manifest for Kubernetes configures Flink as the other ways to run a cluster do. */
class KubernetesManifestTest {
  private static final Path FLINK = Path.of("runners/flink");
  private static final Pattern SETTING =
      Pattern.compile("(?m)^ *([a-z][\\w.-]*\\.[\\w.-]*): (.*)$");

  @Test
  void configuresFlinkLikeOtherClusters() throws IOException {
    Map<String, String> expected = settings(Files.readString(FLINK.resolve("conf/config.yaml")));
    // The operator's own business: memory is in the resources, the options for Java 17 are its
    // default.
    expected.keySet().removeIf(name -> name.endsWith("process.size") || name.startsWith("env."));
    // A pod has its ports for itself, so it needs no range of them.
    expected.replace("metrics.reporter.prom.port", "9249-9299", "9249");
    assertFalse(expected.isEmpty());
    String manifest = Files.readString(manifest());
    int from = manifest.indexOf("# --- As in ../conf/config.yaml");
    assertEquals(expected, settings(manifest.substring(from, manifest.indexOf("# ---", from + 5))));
  }

  @Test
  void theOperatorRunsTheFlinkOfTheBuild() throws IOException {
    Matcher version =
        Pattern.compile("<flink.version>(\\d+)\\.(\\d+)\\.\\d+</flink.version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find());
    String text = Files.readString(manifest());
    assertTrue(text.contains("flinkVersion: v" + version.group(1) + "_" + version.group(2) + "\n"));
  }

  private static Path manifest() {
    return FLINK.resolve("kubernetes/flinkdeployment.yaml");
  }

  private static Map<String, String> settings(String yaml) {
    Map<String, String> settings = new TreeMap<>();
    Matcher setting = SETTING.matcher(yaml);
    while (setting.find()) {
      settings.put(setting.group(1), setting.group(2).replace("\"", ""));
    }
    return settings;
  }
}
