package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The jar that a cluster gets. */
class FlinkJarIT {
  private static final Path JAR = Path.of("target", "sessionizer-flink.jar");

  @Test
  void hasNoClassesOfCluster() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertEquals(
          List.of(),
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.endsWith(".class"))
              .filter(
                  name ->
                      name.matches(
                          "(org/apache/(flink|log4j|logging)|org/slf4j|com/esotericsoftware)/.*"))
              .toList());
    }
  }

  @Test
  void registersRunnerAndOptions() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertTrue(services(jar, "PipelineRunnerRegistrar").contains("FlinkRunnerRegistrar"));
      String options = services(jar, "PipelineOptionsRegistrar");
      assertTrue(options.contains("FlinkRunnerRegistrar"), options);
      assertTrue(options.contains("DefaultPipelineOptionsRegistrar"), options);
    }
  }

  private static String services(JarFile jar, String registrar) throws IOException {
    for (String folder : List.of("options", "runners")) {
      var entry = jar.getEntry("META-INF/services/org.apache.beam.sdk." + folder + "." + registrar);
      if (entry != null) {
        return new String(jar.getInputStream(entry).readAllBytes(), UTF_8);
      }
    }
    throw new AssertionError("no services of " + registrar);
  }

  @Test
  void manifestNamesMainClass() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertEquals(SessionizationJob.class.getName(), manifest.getValue("Main-Class"));
    }
  }
}
