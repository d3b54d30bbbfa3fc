package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @Test
  void writesOneValuePerLine() throws IOException {
    Path file = folder.resolve("visits.jsonl");

    int exitCode =
        generate(
            "--output=" + file,
            "--visits=500",
            "--visitors=20",
            "--startTime=2025-06-01T10:00:00Z",
            "--seed=7",
            "--outOfOrder=10",
            "--late=5",
            "--duplicates=5",
            "--malformed=10");

    var expected = new ByteArrayOutputStream();
    new VisitGenerator(
            new Traffic(
                500, 20, Instant.parse("2025-06-01T10:00:00Z"), 7, new TrafficMix(10, 5, 5, 10)))
        .forEachRemaining(
            visit -> {
              expected.writeBytes(visit.value());
              expected.write('\n');
            });
    assertEquals(0, exitCode, err.toString());
    assertEquals(expected.toString(ISO_8859_1), Files.readString(file, ISO_8859_1));
  }

  @Test
  void printsSummaryInOneLine() {
    generate("--output=" + folder.resolve("visits.jsonl"), "--visits=1500");

    assertTrue(
        err.toString()
            .matches(
                "1,500 records written in \\d+\\.\\d s \\([\\d,]+ records/s\\): 1,500 on time,"
                    + " 0 out of order, 0 late, 0 duplicates, 0 malformed\\R"),
        err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void reportsAllInvalidValuesAtOnce() {
    int exitCode = generate("--late=101", "--malformed=-1", "--visitors=0", "--rate=-5");

    assertEquals(2, exitCode);
    assertEquals(
        """
        sessionizer: --late must be from 0 to 100 percent, but is 101.0
        sessionizer: --malformed must be from 0 to 100 percent, but is -1.0
        sessionizer: --visitors must be from 1 to 10000000, but is 0
        sessionizer: --rate must be 0 (as fast as possible) or more records per second, but is -5
        Try sessionizer generate --help
        """,
        err.toString());
  }

  @Test
  void rejectsMalformedStartTime() {
    assertEquals(2, generate("--startTime=yesterday"));
    assertTrue(
        err.toString()
            .contains("--startTime=yesterday: must be a time such as 2024-01-01T00:00:00Z\n"),
        err.toString());
  }

  @Test
  void suggestsFlagForUnknownOne() {
    assertEquals(2, generate("--visit=3"));
    assertTrue(
        err.toString().contains("--visit: no such flag; did you mean --visits?"), err.toString());
  }

  @Test
  void namesUnwritableFile() {
    Path file = folder.resolve("missing").resolve("visits.jsonl");

    assertEquals(3, generate("--output=" + file));
    assertEquals(
        "sessionizer: cannot write to %s (its directory does not exist):".formatted(file)
            + " name another file with --output\n",
        err.toString());
  }

  @Test
  void namesUnreachableBroker() throws IOException {
    String address = "127.0.0.1:" + closedPort();

    assertEquals(3, generate("--bootstrapServers", address));
    assertTrue(
        err.toString().startsWith("sessionizer: no Kafka broker responds at " + address),
        err.toString());
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void rejectsMissingSettingsFile() {
    assertEquals(2, generate("--clientConfig=nowhere.properties"));
    assertTrue(
        err.toString()
            .contains(
                "nowhere.properties: must be KEY=VALUE, or a properties file that can be read"),
        err.toString());
  }

  @Test
  void mergesSettingsOfFileAndFlags() throws IOException {
    Path file = Files.writeString(folder.resolve("client.properties"), "security.protocol=SSL");

    assertEquals(
        3,
        generate(
            "--clientConfig=" + file, "--clientConfig=ssl.truststore.location=/nowhere/store.p12"));
    assertTrue(err.toString().contains("/nowhere/store.p12"), err.toString());
  }

  @Test
  void helpNamesEveryFlag() {
    assertEquals(0, generate("--help"));
    for (String flag :
        List.of(
            "--bootstrapServers",
            "--topic",
            "--output",
            "--visits",
            "--visitors",
            "--rate",
            "--startTime",
            "--seed",
            "--outOfOrder",
            "--late",
            "--duplicates",
            "--malformed")) {
      assertTrue(out.toString().contains(flag), flag);
    }
  }

  private int generate(String... args) {
    List<String> line = new ArrayList<>(List.of("generate"));
    line.addAll(List.of(args));
    return Sessionizer.commandLine()
        .setErr(new PrintWriter(err, true))
        .setOut(new PrintWriter(out, true))
        .execute(line.toArray(String[]::new));
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
