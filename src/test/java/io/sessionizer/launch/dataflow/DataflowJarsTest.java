package io.sessionizer.launch.dataflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataflowJarsTest {
  @TempDir private Path folder;

  @Test
  void stagesJarAndLibrariesWithoutLogger() throws Exception {
    Path jar = jar("dataflow/a-1.jar dataflow/slf4j-api-2.jar dataflow/slf4j-simple-2.jar");
    assertEquals(
        List.of(
            jar, folder.resolve("dataflow/a-1.jar"), folder.resolve("dataflow/slf4j-api-2.jar")),
        DataflowJars.paths(jar));
  }

  @Test
  void otherBuildsStageWhatRunnerFinds() throws Exception {
    assertEquals(List.of(), DataflowJars.paths(jar("lib/a-1.jar")));
    assertEquals(List.of(), DataflowJars.paths(folder));
  }

  private Path jar(String classPath) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    Path jar = folder.resolve("sessionizer-dataflow.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }
}
