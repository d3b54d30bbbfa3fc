package io.sessionizer.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFormatTest {
  private final List<String> problems = new ArrayList<>();

  private InputFormat read(Map<String, String> values) {
    return InputFormat.read(values, Set.of(), problems);
  }

  @Test
  void noFlagsAreDefault() {
    assertEquals(InputFormat.DEFAULT, read(Map.of()));
    assertEquals(List.of(), problems);
    assertEquals(Map.of(), InputFormat.DEFAULT.asFlags());
  }

  @Test
  void flagsAreReadAndShown() {
    Map<String, String> flags =
        Map.of(
            "--recordField", "base64:/payload",
            "--where", "type = 'page'",
            "--visitIdField", "kafka:key",
            "--eventTimeField", "ts",
            "--eventTimeFormat", "pattern:dd/MMM/yyyy:HH:mm:ss Z",
            "--eventTimeZone", "Europe/Paris",
            "--userIdField", "none",
            "--pageField", "path(/url),name");
    InputFormat format = read(flags);
    assertEquals(List.of(), problems);
    assertEquals(flags, format.asFlags());
    assertEquals(Map.of("--visitIdField", "kafka:key"), format.kafkaFields());
  }

  @Test
  void allProblemsAreReported() {
    read(
        Map.of(
            "--recordFormat", "avro",
            "--jsonText", "path(a)",
            "--where", "a",
            "--visitIdField", "a(",
            "--eventTimeFormat", "epoch",
            "--eventTimeZone", "Mars"));
    assertEquals(
        List.of(
            "--recordFormat=avro: must be json, tsv, csv or regex:PATTERN",
            "--jsonText=path(a): must be the name of a member, or a pointer such as /payload",
            "--where=a: at character 2: expected =, !=, <, <=, >, >=, in, contains, startsWith or"
                + " endsWith, but the text ends",
            "--visitIdField=a(: at character 1: expected path(...), host(...), query(...) or"
                + " lower(...); in a name, parentheses are written \\( and \\), found 'a'",
            "--eventTimeFormat=epoch: must be iso8601, epoch-seconds, epoch-millis, epoch-micros,"
                + " epoch-nanos or pattern:PATTERN",
            "--eventTimeZone=Mars: must be a time zone such as Europe/Paris"),
        problems);
  }

  @Test
  void formatOfTextIsRead() {
    InputFormat format =
        read(
            Map.of(
                "--recordFormat", "csv",
                "--columns", "id, the time,a\\,b",
                "--visitIdField", "id",
                "--eventTimeField", "the time",
                "--where", "a\\,b != \"\""));
    assertEquals(List.of(), problems);
    assertEquals(List.of("id", "the time", "a,b"), format.columns());
    assertEquals("id,the time,a\\,b", format.asFlags().get("--columns"));
  }

  @Test
  void fieldsOfTextAreAmongItsMembers() {
    read(
        Map.of(
            "--recordFormat", "tsv",
            "--columns", "id,time",
            "--eventTimeField", "time",
            "--pageField", "page,/id/0",
            "--where", "bot = null",
            "--jsonText", "json"));
    read(
        Map.of(
            "--recordFormat", "regex:(?P<a>.*)(?P<json>.*)",
            "--visitIdField", "/json/id",
            "--eventTimeField", "/a/0",
            "--jsonText", "json"));
    read(Map.of("--recordFormat", "regex:(?P<json>.*)", "--recordField", "base64:json"));
    read(Map.of("--recordFormat", "regex:(?P<json>.*)", "--recordField", "/json/a"));
    read(Map.of("--recordFormat", "regex:(?P<id>.*)", "--columns", "id", "--visitIdField", "id"));
    assertEquals(
        List.of(
            "--jsonText=/json: no column is called json; there are id, time",
            "--where=bot: no column is called bot; there are id, time",
            "--visitIdField=visit_id: no column is called visit_id; there are id, time",
            "--pageField=page,/id/0: no column is called page; there are id, time",
            "--pageField=page,/id/0: no column is called /id/0; there are id, time",
            "--eventTimeField=/a/0: no group is called /a/0; there are a, json",
            "--recordField=/json/a: no group is called /json/a; there are json",
            "--columns=id: not with --recordFormat=regex:(?P<id>.*)",
            "--eventTimeField=event_time: no group is called event_time; there are id"),
        problems);
  }

  @Test
  void malformedColumnsAreReported() {
    read(Map.of("--recordFormat", "tsv", "--columns", "visit_id,,event_time"));
    read(Map.of("--recordFormat", "tsv", "--columns", "visit_id,event_time,visit_id"));
    assertEquals(
        List.of(
            "--columns=visit_id,,event_time: must be names, with commas between them",
            "--columns=visit_id,event_time,visit_id: has the name visit_id twice"),
        problems);
  }

  @Test
  void malformedPatternIsReported() {
    read(Map.of("--eventTimeFormat", "pattern:yyyy-MM-dd'T"));
    assertEquals(1, problems.size());
    assertEquals(
        "--eventTimeFormat=pattern:yyyy-MM-dd'T: is no pattern such as pattern:dd/MMM/yyyy:HH:mm:ss"
            + " Z: Pattern ends with an incomplete string literal: yyyy-MM-dd'T",
        problems.get(0));
  }

  @Test
  void fileIsReadWithListsAndMissingTexts(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("own.yaml");
    Files.writeString(
        file,
        """
        visitIdField:
          - device
          - /user/id
        where: >-
          type = "page"
          and bot != true
        missing: ['', '-']
        """);
    FormatFile format = FormatFile.read(file.toString(), problems);
    assertEquals(List.of(), problems);
    assertEquals(
        Map.of(
            "--visitIdField", "device,/user/id",
            "--where", "type = \"page\" and bot != true",
            "--userIdField", "none",
            "--pageField", "none"),
        format.values());
    assertEquals(Set.of("", "-"), format.missing());
    assertEquals(file + ":1: x", format.located("--visitIdField", "x"));
  }

  @Test
  void problemsOfFileNameLine(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("own.yaml");
    Files.writeString(file, "visitId: a\npageField: {}\nwhere: a\nwhere: b\nmissing: null\n");
    FormatFile.read(file.toString(), problems);
    assertEquals(4, problems.size(), problems::toString);
    assertEquals(
        file
            + ":1: visitId: must be one of recordFormat, columns, recordField, jsonText, where,"
            + " visitIdField, eventTimeField, eventTimeFormat, eventTimeZone, userIdField,"
            + " pageField, eventIdField, sequenceField, missing",
        problems.get(0));
    assertEquals(file + ":2: pageField: must be texts", problems.get(1));
    assertEquals(file + ":4: where: given on line 3 already; give it once", problems.get(2));
  }

  @Test
  void unknownFormatIsReported() {
    FormatFile.read("webtrends", problems);
    FormatFile.read("./webtrends", problems);
    assertEquals(
        List.of(
            "--visitFormat=webtrends: no such format; ./sessionizer formats lists them, and a file"
                + " of yours has a '/' or ends in .yaml",
            "--visitFormat=./webtrends: no such file"),
        problems);
  }
}
