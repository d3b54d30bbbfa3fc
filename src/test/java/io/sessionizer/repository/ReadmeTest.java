package io.sessionizer.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.cli.CommandLines;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages and scripts say is what the program does. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");
  private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-zA-Z][\\w-]*");

  /** A placeholder, a mistake, and those of other programs in compose.yaml and of kubectl. */
  private static final Set<String> FOREIGN =
      Set.of(
          "--name",
          "--sessionsGap",
          "--partitions",
          "--replication-factor",
          "--config_file",
          "--from-file");

  @Test
  void readmeHasHelpOfRun() throws IOException {
    assertTrue(
        Files.readString(README).contains("```text\n" + CommandLines.help("run") + "```"),
        "README.md lacks what ./sessionizer run --help prints");
  }

  @Test
  void everyNamedTestExists() throws IOException {
    Set<String> missing = new TreeSet<>();
    Matcher named = NAMED_TEST.matcher(Files.readString(README));
    while (named.find()) {
      if (!source(named.group(1)).contains("void " + named.group(2) + "(")) {
        missing.add(named.group());
      }
    }
    assertEquals(Set.of(), missing);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "runners/direct/README.md",
        "runners/flink/README.md",
        "runners/dataflow/README.md",
        "docker/README.md",
        "docker/compose.yaml",
        "runners/flink/kubernetes/flinkdeployment.yaml",
        "SECURITY.md",
        "CHANGELOG.md"
      })
  void everyMentionedFlagExists(String page) throws IOException {
    Set<String> ours = new TreeSet<>(CommandLines.flags());
    ours.addAll(flagsOfScripts());
    Set<String> unknown = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of(page), UTF_8)) {
      if (!line.contains("docker ")
          && !line.contains("gcloud ")
          && !line.contains("serviceAccount:")
          && !line.contains("kafka-")
          && !line.contains("bootstrap-server ")) {
        Matcher flag = FLAG.matcher(line);
        while (flag.find()) {
          if (!ours.contains(flag.group())
              && !FOREIGN.contains(flag.group())
              && !isRunnersFlag(flag.group())) {
            unknown.add(flag.group());
          }
        }
      }
    }
    assertEquals(Set.of(), unknown);
  }

  @Test
  void exampleVisitsFormExampleSession() throws Exception {
    List<Visit> visits = new ArrayList<>();
    StringBuilder session = new StringBuilder();
    for (String line : Files.readAllLines(README, UTF_8)) {
      String text = line.strip();
      if (text.startsWith("{\"visit_id\":\"v1\"")) {
        visits.add(VisitJson.parse(text.getBytes(UTF_8)));
      } else if (text.startsWith("value    {\"visit_id\":\"v1\"") || !session.isEmpty()) {
        session.append(text.replaceFirst("^value +", ""));
        if (text.endsWith("}") && text.contains("duration_in_milliseconds")) {
          break;
        }
      }
    }
    Session expected = ModelSessionizer.sessions(visits, Duration.ofMinutes(16)).get(0);
    assertEquals(
        new String(new SessionJson(ZoneOffset.UTC).write(expected), UTF_8), session.toString());
  }

  /** What the scripts of the runners list in their help. */
  private static Set<String> flagsOfScripts() throws IOException {
    Set<String> flags = new TreeSet<>();
    for (String runner : List.of("flink", "dataflow")) {
      try (var scripts = Files.newDirectoryStream(Path.of("runners", runner), "*.sh")) {
        for (Path script : scripts) {
          for (String line : Files.readAllLines(script, UTF_8)) {
            if (line.startsWith("  --")) {
              flags.add(line.strip().split("\\s", 2)[0]);
            }
          }
        }
      }
    }
    return flags;
  }

  private static boolean isRunnersFlag(String flag) {
    try {
      Flags.parse(flag + "=1");
      return true;
    } catch (BadFlagsException e) {
      return e.problems().stream().noneMatch(problem -> problem.contains("no such flag"));
    }
  }

  private static String source(String testClass) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      Path file =
          files
              .filter(path -> path.endsWith(testClass + ".java"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + testClass));
      return Files.readString(file);
    }
  }
}
