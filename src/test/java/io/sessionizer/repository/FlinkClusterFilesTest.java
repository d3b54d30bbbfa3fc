package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FlinkClusterFilesTest {
  private static final Path FLINK = Path.of("runners", "flink");

  @Test
  void theClusterIsOfTheFlinkThatTheJobIsBuiltFor() throws IOException {
    assertEquals(flinkVersion(Path.of("pom.xml")), flinkVersion(FLINK.resolve("cluster/pom.xml")));
  }

  private static String flinkVersion(Path pom) throws IOException {
    Matcher version =
        Pattern.compile("<flink.version>(.*)</flink.version>").matcher(Files.readString(pom));
    assertTrue(version.find(), () -> "no version of Flink in " + pom);
    return version.group(1);
  }
}
