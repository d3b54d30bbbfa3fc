package io.sessionizer.repository;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A version of Kafka or Flink that is written outside of {@code pom.xml} is the one in it. */
class VersionsTest {

  @ParameterizedTest
  @CsvSource({
    "kafka, docker/compose.yaml, image: apache/kafka:(\\S+)",
    "kafka, docker/README.md, Apache Kafka (\\d[\\d.]*\\d)",
    "flink, docker/compose.yaml, image: flink:(\\S+)-java17",
    "flink, docker/Dockerfile, FROM flink:(\\S+)-java17",
    "flink, runners/flink/cluster/pom.xml, <flink\\.version>(.*)</flink\\.version>",
    "flink, runners/flink/kubernetes/flinkdeployment.yaml, flink-s3-fs-presto-(.*)\\.jar",
  })
  void versionMatchesBuild(String product, Path file, Pattern mention) throws IOException {
    assertEquals(Set.of(versionOf(product)), found(file, mention));
  }

  @ParameterizedTest
  @CsvSource({
    "runners/spark/README.md, Spark (\\d+\\.\\d+\\.\\d+)",
  })
  void versionOfSparkMatchesBuild(Path file, Pattern mention) throws IOException {
    Path module = Path.of("runners/spark/spark/pom.xml");
    assertEquals(
        found(module, Pattern.compile("<spark\\.version>(.*)</spark\\.version>")),
        found(file, mention));
  }

  @ParameterizedTest
  @CsvSource({
    "runners/flink/README.md, Flink (\\d[\\d.]*\\d)",
    "runners/flink/cluster/pom.xml, Flink (\\d[\\d.]*\\d)",
    "src/main/java/io/sessionizer/launch/flink/ClusterCheck.java, VERSION = \"(.*)\\.\"",
  })
  void minorVersionOfFlinkMatchesBuild(Path file, Pattern mention) throws IOException {
    String minor = versionOf("flink").replaceFirst("\\.\\d+$", "");
    assertEquals(Set.of(minor), found(file, mention));
  }

  private static String versionOf(String product) throws IOException {
    Pattern property = Pattern.compile("<%1$s\\.version>(.*)</%1$s\\.version>".formatted(product));
    Set<String> versions = found(Path.of("pom.xml"), property);
    assertEquals(1, versions.size(), () -> product + " in pom.xml");
    return versions.iterator().next();
  }

  private static Set<String> found(Path file, Pattern mention) throws IOException {
    return mention
        .matcher(Files.readString(file))
        .results()
        .map((MatchResult version) -> version.group(1))
        .collect(toCollection(TreeSet::new));
  }
}
