package io.sessionizer.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.launch.Flags;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir private Path folder;

  @Test
  void acceptsHyphenatedNames() throws Exception {
    Settings settings = settings("session-gap: PT20M\nstop-when-drained: true\n");
    assertEquals(Duration.ofMinutes(20), settings.policy().gap());
    assertEquals(true, settings.stopWhenDrained());
  }

  @Test
  void listOfFieldsIsAlternatives() throws Exception {
    Settings settings = settings("visitIdField:\n  - device\n  - /user/id\nwhere: a = 'b'\n");
    assertEquals("device,/user/id", settings.inputFormat().visitId().text());
    assertEquals(
        Map.of("--visitIdField", "device,/user/id", "--where", "a = 'b'"),
        settings.inputFormat().asFlags());
  }

  @Test
  void missingTextsReplaceThoseOfFormat() throws Exception {
    Path format = Files.writeString(folder.resolve("own.yaml"), "missing: [n/a, '']\n");
    String yaml = "visitFormat: %s\n".formatted(format);
    assertEquals(Set.of("", "n/a"), missing(yaml));
    assertEquals(Set.of("-"), missing(yaml + "missing: '-'\n"));
    yaml += "missing: ['', '-', '?']\n";
    assertEquals(Set.of("", "-", "?"), missing(yaml));
    assertEquals(Set.of("none"), missing(yaml, "--missing", "none"));
    assertEquals(Set.of("", "it's, so"), missing(yaml, "--missing=it's, so", "--missing="));
    assertEquals(Set.of("", "-"), missing(yaml, "--missing", "", "--missing", "-"));
    assertEquals(
        Map.of("--missing", "'','it''s'"),
        settings("missing: [\"it's\", '']\n").inputFormat().asFlags());
    assertEquals(
        List.of("FILE:1: missing: must be one value, or a list of values"), problems("missing:\n"));
    assertEquals(List.of("--missing: needs a value"), problems("", "--missing"));
  }

  private Set<String> missing(String yaml, String... flags) throws Exception {
    return settings(yaml, flags).inputFormat().missing();
  }

  @Test
  void readsFlagsAsOnCommandLine() throws Exception {
    Settings settings =
        settings(
            """
            # The job of the shop.
            bootstrapServers: a:1,b:2
            visitsTopic: "clicks"
            sessionGap: PT20M
            maxPagesPerSession: 50
            startFrom: 2024-01-01T00:00:00Z
            stopWhenDrained: true
            consumerConfig:
              group.id: shop
              fetch.min.bytes: 010
              enable.metrics.push: no
            producerConfig: [linger.ms=5, "acks = all"]
            """);
    assertEquals("a:1,b:2", settings.bootstrapServers());
    assertEquals(List.of("clicks"), settings.topics().visits());
    assertEquals(Duration.ofMinutes(20), settings.policy().gap());
    assertEquals(50, settings.policy().maxPages());
    assertEquals(Instant.parse("2024-01-01T00:00:00Z"), settings.startFrom().time());
    assertEquals(true, settings.stopWhenDrained());
    assertEquals(
        Map.of("group.id", "shop", "fetch.min.bytes", "010", "enable.metrics.push", "no"),
        settings.consumerConfig());
    assertEquals(Map.of("linger.ms", "5", "acks", "all"), settings.producerConfig());
  }

  @Test
  void readsFilesOfWindows() throws Exception {
    String yaml =
        """
        bootstrapServers: a:1
        visitsTopic: clicks\s
        consumerConfig:
          group.id: g
          isolation.level: 'read_committed '
          ssl.key.password: 'open sesame '
        """;
    String windows = "\uFEFF" + yaml.replace("\n", "\r\n");
    for (Charset charset : List.of(UTF_8, UTF_16LE)) {
      Files.write(file(), windows.getBytes(charset));
      Settings settings = Flags.parse("--config=" + file()).settings();
      assertEquals("a:1", settings.bootstrapServers());
      assertEquals(List.of("clicks"), settings.topics().visits());
      assertEquals(
          Map.of(
              "group.id", "g",
              "isolation.level", "read_committed",
              "ssl.key.password", "open sesame "),
          settings.consumerConfig());
    }
  }

  @Test
  void namesWrongEncoding() throws Exception {
    Files.write(file(), "visitsTopic: caf\u00E9\n".getBytes(ISO_8859_1));
    BadFlagsException e =
        assertThrows(BadFlagsException.class, () -> Flags.parse("--config=" + file()));
    assertEquals(
        List.of("--config=" + file() + ": cannot be read: not UTF-8: save it as UTF-8"),
        e.problems());
  }

  @Test
  void fileAndCommandLineOverrideDefaults() throws Exception {
    String file = config("engine: windows");
    assertEquals(
        List.of("--idleAfter=PT3S", file, "--sessionGap=PT1M"),
        FlagReader.withDefaults(
            List.of("--engine=stateful", "--idleAfter=PT3S", "--sessionGap=PT9M"),
            List.of(file, "--sessionGap=PT1M")));
  }

  @Test
  void commandLineOverridesFile() throws Exception {
    String yaml =
        """
        sessionGap: PT20M
        visitsTopic: clicks
        stopWhenDrained: true
        """;
    Settings settings = settings(yaml, "--sessionGap=PT1M", "--stopWhenDrained=false");
    assertEquals(Duration.ofMinutes(1), settings.policy().gap());
    assertEquals(List.of("clicks"), settings.topics().visits());
    assertEquals(false, settings.stopWhenDrained());
  }

  @Test
  void listHasSeveralTopics() throws Exception {
    String yaml = "visitsTopic:\n  - web\n  - app\n";
    assertEquals(List.of("app", "web"), settings(yaml).topics().visits());
    assertEquals(List.of("shop"), settings(yaml, "--visitsTopic=shop").topics().visits());
    assertEquals(
        List.of("FILE:1: --visitsTopic=web,web: has the name web twice"),
        problems("visitsTopic: [web, web]\n"));
  }

  @Test
  void commandLineAddsKafkaSettingsToFile() throws Exception {
    Path properties = Files.writeString(folder.resolve("client.properties"), "a=file\nb=file\n");
    assertEquals(
        Map.of("a", "file", "b", "flag", "group.id", "sessionizer.visits.sessions"),
        settings("consumerConfig: " + properties, "--consumerConfig=b=flag").consumerConfig());
  }

  @Test
  void attributesAreMap() throws Exception {
    String yaml =
        """
        attributes:
          purchases: count(/event = "purchase")
          bounce: count() = 1
        """;
    assertEquals(
        List.of("purchases=count(/event = \"purchase\")", "bounce=count() = 1"),
        attributes(settings(yaml)));
    assertEquals(
        List.of("purchases=count()", "bounce=count() = 1", "more=first(page)"),
        attributes(
            settings(yaml, "--attribute=purchases=count()", "--attribute=more=first(page)")));
    assertEquals(List.of("a=count()"), attributes(settings("attribute: a=count()")));
  }

  private static List<String> attributes(Settings settings) {
    return settings.attributes().stream().map(Object::toString).toList();
  }

  @Test
  void problemOfAttributeHasItsLine() throws Exception {
    String problem = "=frist(page): expression: at character 1: expected one of ";
    List<String> problems =
        problems("attributes:\n  a: count()\n  b: frist(page)\n", "--attribute=c=frist(page)");
    assertEquals(2, problems.size());
    assertTrue(problems.get(0).startsWith("FILE:3: --attribute=b" + problem), problems.get(0));
    assertTrue(problems.get(1).startsWith("--attribute=c" + problem), problems.get(1));
    assertEquals(
        List.of("FILE:1: attributes: has the name a twice"),
        problems("attributes:\n  a: count()\n  a: count()\n"));
    assertEquals(
        List.of("FILE:1: attributes: must be lines of NAME: EXPRESSION"),
        problems("attributes:\n  a: [count()]\n"));
  }

  @Test
  void overriddenValueMayBeInvalid() throws Exception {
    assertEquals(
        Duration.ofMinutes(1), settings("sessionGap: soon", "--sessionGap=PT1M").policy().gap());
  }

  @Test
  void listRepeatsFlag() throws Exception {
    assertEquals(
        List.of("a", "b"),
        Flags.parse(config("experiments: [a, b]"))
            .options()
            .as(ExperimentalOptions.class)
            .getExperiments());
  }

  @Test
  void emptyFileGivesNoFlags() throws Exception {
    assertEquals(Flags.parse().settings().toString(), settings("# nothing yet\n").toString());
  }

  @Test
  void reportsAllProblemsWithFileAndLine() throws Exception {
    assertEquals(
        List.of(
            "FILE:7: --sessionGap: write it without dashes",
            "FILE:8: config: a file of flags cannot name another one",
            "FILE:9: visitTopic: given on line 1 already; give it once",
            "FILE:10: timeZone: must be one value, or a list of values",
            "FILE:12: maxSessionDuration: must be one value, or a list of values",
            "FILE:13: consumerConfig: must be a properties file, or lines of KEY: VALUE",
            "FILE:15: a key must be the name of a flag",
            "FILE:1: --visitTopic: no such flag; did you mean --visitsTopic?",
            "FILE:4: --maxRecordBytes=many: must be a whole number, 2147483647 at most",
            "FILE:5: --producerConfig=nowhere.properties: must be KEY=VALUE, or a properties file that"
                + " can be read",
            "word: not a flag; write --name=value",
            "FILE:6: --engine: given 2 times; give it once",
            "FILE:3: --sessionsTopic=a b: must be 1 to 249 letters, digits, dots, '_' or '-'",
            "FILE:2: --allowedLateness=15: must be a duration such as 16m, 1h30m or PT16M",
            "--idleAfter=0: must be a duration such as 16m, 1h30m or PT16M"),
        problems(
            """
            visitTopic: clicks
            allowedLateness: 15
            sessionsTopic: a b
            maxRecordBytes: many
            producerConfig: nowhere.properties
            engine: [windows, stateful]
            --sessionGap: PT1M
            config: other.yaml
            visitTopic: twice
            timeZone:
              name: Europe/Paris
            maxSessionDuration:
            consumerConfig:
              group.id: [a, b]
            [a]: b
            """,
            "word",
            "--idleAfter=0"));
  }

  @Test
  void reportsInvalidYamlWithLine() throws Exception {
    assertEquals(
        List.of("FILE:2: not YAML: mapping values are not allowed here"),
        problems("visitsTopic: a\nsessionsTopic: b: c\n"));
    assertEquals(
        List.of("FILE:1: must be lines of NAME: VALUE"), problems("--visitsTopic=clicks\n"));
  }

  @Test
  void tagsCreateNoObjects() throws Exception {
    assertEquals(
        List.of("FILE:1: --timeZone=UTC+: must be a time zone such as Europe/Paris"),
        problems("timeZone: !!java.io.File UTC+\n"));
  }

  @Test
  void namesMissingFile() {
    Path missing = folder.resolve("missing.yaml");
    assertEquals(
        List.of("--config=" + missing + ": no such file"),
        assertThrows(BadFlagsException.class, () -> Flags.parse("--config=" + missing)).problems());
  }

  @Test
  void rejectsSecondFile() throws Exception {
    String file = config("");
    assertEquals(
        List.of("--config: given 2 times; give it once"),
        assertThrows(BadFlagsException.class, () -> Flags.parse(file, file)).problems());
  }

  private Settings settings(String yaml, String... args) throws IOException, BadFlagsException {
    return Flags.parse(with(config(yaml), args)).settings();
  }

  private List<String> problems(String yaml, String... args) throws IOException {
    String[] all = with(config(yaml), args);
    return assertThrows(BadFlagsException.class, () -> Flags.parse(all)).problems().stream()
        .map(problem -> problem.replace(file().toString(), "FILE"))
        .toList();
  }

  private static String[] with(String first, String... more) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private String config(String yaml) throws IOException {
    Files.writeString(file(), yaml);
    return "--config=" + file();
  }

  private Path file() {
    return folder.resolve("sessionizer.yaml");
  }
}
