package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.formats.KnownFormats;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatsCommandTest {
  @Test
  void listsEachFormatOnOneLine() {
    List<String> lines = CommandLines.out("formats").lines().toList();
    assertEquals(
        "segment        Segment, RudderStack and Jitsu: page and screen calls of the Segment Spec",
        lines.get(0));
    assertEquals(
        KnownFormats.NAMES, lines.stream().map(line -> line.replaceAll(" .*", "")).toList());
    assertTrue(lines.stream().allMatch(line -> line.length() <= 100), lines::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"segment", "snowplow-tsv", "reference"})
  void printsFileAsItIs(String name) throws IOException {
    try (InputStream file = KnownFormats.class.getResourceAsStream(name + ".yaml")) {
      assertEquals(new String(file.readAllBytes(), UTF_8), CommandLines.out("formats", name));
    }
  }

  @Test
  void knowsEveryFileOfTheJar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/io/sessionizer/formats"))) {
      assertEquals(
          new TreeSet<>(KnownFormats.NAMES.stream().map(name -> name + ".yaml").toList()),
          new TreeSet<>(files.map(file -> file.getFileName().toString()).toList()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"segmend", "../segment", "segment.yaml", ""})
  void rejectsUnknownFormat(String name) {
    StringWriter err = new StringWriter();
    assertEquals(
        2, Sessionizer.commandLine().setErr(new PrintWriter(err)).execute("formats", name));
    assertEquals(
        """
        sessionizer: %s: no such format; there are segment, snowplow-json, snowplow-tsv, ga4, posthog, matomo, cloudfront, combined, nginx-json, reference
        Try sessionizer formats --help
        """
            .formatted(name),
        err.toString());
  }
}
