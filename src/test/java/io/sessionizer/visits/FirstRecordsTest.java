package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.KnownFormats;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.visits.FirstRecords.Judgement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FirstRecordsTest {
  private static final String INSPECT = "./sessionizer inspect --input=events";
  private static final String VISIT =
      "{\"visit_id\":\"a\",\"event_time\":\"2024-01-01T00:00:00Z\"}";

  @Test
  void mostOfThemAreRejected() {
    Judgement judgement = judgement(InputFormat.DEFAULT);
    assertEquals(List.of(), read(judgement, InputFormat.DEFAULT, VISIT, 499));
    assertEquals(List.of(), read(judgement, InputFormat.DEFAULT, "{}", 500));
    assertEquals(
        List.of(
            "501 of the first 1,000 records rejected: the format is probably another one;"
                + " ./sessionizer inspect --input=events shows it"),
        read(judgement, InputFormat.DEFAULT, "{}", 1));
    assertEquals(List.of(), read(judgement, InputFormat.DEFAULT, "{}", 2000), "once");
    assertEquals(List.of(), judgement.finish(), "once");
  }

  @Test
  void halfOfThemAreRejected() {
    Judgement judgement = judgement(InputFormat.DEFAULT);
    read(judgement, InputFormat.DEFAULT, VISIT, 500);
    assertEquals(List.of(), read(judgement, InputFormat.DEFAULT, "{}", 500));
    assertEquals(List.of(), read(judgement, InputFormat.DEFAULT, "{}", 500));
  }

  @Test
  void fewRecordsAreJudgedAtTheEnd() {
    Judgement judgement = judgement(InputFormat.DEFAULT);
    read(judgement, InputFormat.DEFAULT, "{}", 1);
    assertEquals(
        List.of(
            "1 of the first 1 record rejected: the format is probably another one;"
                + " ./sessionizer inspect --input=events shows it"),
        judgement.finish());
  }

  @Test
  void noRecordsSayNothing() {
    assertEquals(List.of(), judgement(InputFormat.DEFAULT).finish());
  }

  @Test
  void filteredRecordsAreNotRejected() {
    InputFormat format = format(Map.of("--where", "type = \"page\""));
    Judgement judgement = judgement(format);
    assertEquals(List.of(), read(judgement, format, "{}", 1000));
  }

  @Test
  void misspelledFieldsAreOnNoVisit() {
    InputFormat format =
        format(Map.of("--pageField", "path(/page/urll)", "--userIdField", "userid"));
    String visit =
        VISIT.replace("}", ",\"page\":{\"url\":\"https://example.com/\"},\"user_id\":\"kim\"}");
    assertEquals(
        List.of(
            "no visit among the first 1,200 records has a page: --pageField=path(/page/urll);"
                + " ./sessionizer inspect --input=events shows the fields that there are",
            "no visit among the first 1,200 records has a user id: --userIdField=userid;"
                + " ./sessionizer inspect --input=events shows the fields that there are"),
        read(judgement(format), format, visit, 1200));
  }

  @Test
  void fieldsMayBeOnSomeVisits() {
    InputFormat format = format(Map.of("--pageField", "url", "--userIdField", "userid"));
    Judgement judgement = judgement(format);
    read(judgement, format, VISIT, 500);
    read(judgement, format, VISIT.replace("}", ",\"url\":\"/\",\"userid\":1}"), 1);
    assertEquals(List.of(), read(judgement, format, VISIT, 500));
  }

  @Test
  void unnamedFieldsMayBeOnNoVisit() {
    assertEquals(
        List.of(),
        read(judgement(InputFormat.DEFAULT), InputFormat.DEFAULT, VISIT, 1000),
        "default");
    InputFormat segment = KnownFormats.format("segment");
    String event =
        "{\"type\":\"page\",\"anonymousId\":\"a\",\"timestamp\":\"2024-01-01T00:00:00Z\",\"name\":\"Home\"}";
    assertEquals(List.of(), read(judgement(segment), segment, event, 1000), "anonymous visitors");
  }

  private static Judgement judgement(InputFormat format) {
    return new Judgement(FirstRecords.of(INSPECT, format));
  }

  private static InputFormat format(Map<String, String> flags) {
    List<String> problems = new ArrayList<>();
    InputFormat format = InputFormat.read(new LinkedHashMap<>(flags), Set.of(), problems);
    assertEquals(List.of(), problems);
    return format;
  }

  private static List<String> read(
      Judgement judgement, InputFormat format, String record, int times) {
    VisitParser parser = new VisitParser(format, 1 << 20, Duration.ofHours(1), Clock.systemUTC());
    PackedRecord.Writer writer = new PackedRecord.Writer(parser);
    PacketWriter packets = new PacketWriter("events", 0, 0);
    List<ConsumedRecord> rejected = new ArrayList<>();
    byte[] bytes = record.getBytes(UTF_8);
    for (int i = 0; i < times; i++) {
      Rejection rejection = packets.add(writer.pack(bytes, 0, bytes.length), i, 0);
      if (rejection != null) {
        rejected.add(
            new ConsumedRecord(
                new Provenance(new SourcePosition("events", 0, i), 0), null, rejection));
      }
    }
    return judgement.read(packets.batch(rejected));
  }
}
