package io.sessionizer.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.inspect.SampledVisits.Role;
import io.sessionizer.records.Reason;
import io.sessionizer.sessions.SessionPolicy;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InspectionTest {
  private static final int VISITORS = 150;

  static Inspection of(RecordSample sample) {
    return Inspection.of(sample, SessionPolicy.of(Inspection.DEFAULT_GAP, Duration.ZERO));
  }

  private static Inspection ofLines(String... lines) {
    return of(MadeUpVisits.file(List.of(lines)));
  }

  @Test
  void defaultGapIsThatOfJob() {
    assertEquals(
        Inspection.DEFAULT_GAP,
        io.sessionizer.config.Durations.parse(
            PipelineOptionsFactory.as(SessionizationOptions.class).getSessionGap()));
  }

  @Nested
  class KnownFormats {
    static Set<String> names() {
      return Shapes.KNOWN.keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isNamedWithItsVisits(String name) {
      MadeUpVisits visits = MadeUpVisits.of(VISITORS);
      Inspection inspection =
          of(MadeUpVisits.file(visits.lines(Objects.requireNonNull(Shapes.KNOWN.get(name)))));
      KnownFormat format = inspection.mapping().format();
      assertNotNull(format);
      assertEquals(name, format.name());
      SampledVisits all = inspection.visits();
      assertEquals(Map.of(), all.rejected());
      assertEquals(all.candidates(), all.present(Role.PAGE));
      int count = visits.lines(v -> "").size();
      assertEquals(name.equals("reference") ? 0 : count / 5, all.filtered());
      assertTrue(all.distinct(Role.VISIT_ID).count() > 0.95 * VISITORS);
      if (!name.equals("cloudfront")) {
        assertTrue(all.distinct(Role.USER).count() >= VISITORS / 3 - 5);
      }
      long first = all.visits().get(0).timeMillis();
      assertTrue(Math.abs(first - MadeUpVisits.START) < Duration.ofHours(2).toMillis());
    }

    @Test
    void jsonTextIsNoticed() {
      assertEquals(
          List.of("/properties"),
          of(MadeUpVisits.file(MadeUpVisits.of(9).lines(Shapes::postHog))).mapping().jsonTexts());
    }

    @Test
    void schemaPrefixIsSkipped() {
      RecordSample sample = new RecordSample(RecordSample.Source.TOPIC, "events", 1000);
      for (String line : MadeUpVisits.of(9).lines(Shapes::segment)) {
        sample.addNewest(
            new SampledRecord(
                null, ("\0\0\0\0\7" + line).getBytes(StandardCharsets.UTF_8), 1000, 0));
      }
      Inspection inspection = of(sample);
      assertEquals(Shape.PREFIXED_OBJECT, inspection.shape());
      assertEquals("segment", Objects.requireNonNull(inspection.mapping().format()).name());
    }

    @Test
    void otherTimesAreNotDefaultFormat() {
      assertNull(
          ofLines(
                  "{\"visit_id\":\"v\",\"event_time\":1772359200}",
                  "{\"visit_id\":\"v\",\"event_time\":1772359260}")
              .mapping()
              .format());
    }
  }

  @Nested
  class LikelyFields {
    @Test
    void areFoundInNestedObjects() {
      Mapping mapping =
          of(MadeUpVisits.file(MadeUpVisits.of(VISITORS).lines(Shapes::nested))).mapping();
      assertEquals("/who/client/cookie", String.valueOf(mapping.visitId()));
      assertEquals("/evt/at", String.valueOf(mapping.time()));
      assertEquals("epoch-millis", mapping.timeFormat().toString());
      assertEquals("/who/customer", String.valueOf(mapping.user()));
      assertEquals("path(/where/url)", String.valueOf(mapping.page()));
      assertEquals("/evt/kind = \"pageview\"", String.valueOf(mapping.where()));
    }

    @Test
    void areColumnsNamedByFirstLine() {
      List<String> lines = new ArrayList<>(List.of("at,visitor,member,page,note"));
      lines.addAll(
          MadeUpVisits.of(VISITORS)
              .lines(
                  v ->
                      "%s,%s,%s,%s,\"a, \"\"b\"\"\""
                          .formatted(
                              v.text("uuuu-MM-dd HH:mm:ss"),
                              v.id(),
                              v.user() == null ? "" : v.user(),
                              v.page())));
      Inspection inspection = of(MadeUpVisits.file(lines));
      Mapping mapping = inspection.mapping();
      assertEquals(
          List.of("at", "visitor", "member", "page", "note"),
          Objects.requireNonNull(inspection.text()).columns());
      assertEquals("visitor", String.valueOf(mapping.visitId()));
      assertEquals("at", String.valueOf(mapping.time()));
      assertEquals("member", String.valueOf(mapping.user()));
      assertEquals("page", String.valueOf(mapping.page()));
      assertEquals(Set.of(""), mapping.missing());
      assertEquals("a, \"b\"", Objects.requireNonNull(inspection.table().get("note")).example());
    }

    @Test
    void areColumnsWithoutNames() {
      Mapping mapping =
          of(MadeUpVisits.file(
                  MadeUpVisits.of(VISITORS)
                      .lines(v -> v.id() + "\t" + v.millis() / 1000 + "\t" + v.page())))
              .mapping();
      assertEquals("c1", String.valueOf(mapping.visitId()));
      assertEquals("c2", String.valueOf(mapping.time()));
      assertEquals("epoch-seconds", mapping.timeFormat().toString());
      assertEquals("c3", String.valueOf(mapping.page()));
    }

    @Test
    void eventIdIsUnlikelyVisitId() {
      Mapping mapping =
          of(MadeUpVisits.file(
                  MadeUpVisits.of(VISITORS)
                      .lines(
                          v ->
                              "{\"event_id\":\"%s\",\"country\":\"DE\",\"key\":\"%s\",\"ts\":%s}"
                                  .formatted(v.number(), v.id(), v.millis()))))
              .mapping();
      assertEquals("key", String.valueOf(mapping.visitId()));
    }

    @Test
    void timeNearKafkaTimestampIsBest() {
      Mapping mapping =
          of(MadeUpVisits.of(VISITORS)
                  .topic(
                      v ->
                          "{\"cid\":\"%s\",\"timestamp\":%s,\"when\":%s}"
                              .formatted(v.id(), v.millis() - 40_000_000_000L, v.millis())))
              .mapping();
      assertEquals("when", String.valueOf(mapping.time()));
    }

    @Test
    void keyAndTimestampOfRecordReplaceMissingFields() {
      Inspection inspection =
          of(MadeUpVisits.of(VISITORS).topic(v -> "{\"page\":\"" + v.page() + "\"}"));
      assertEquals("kafka:key", String.valueOf(inspection.mapping().visitId()));
      assertEquals("kafka:timestamp", String.valueOf(inspection.mapping().time()));
      assertTrue(inspection.makesVisits());
    }

    @Test
    void areIdsOfNestedObjects() {
      Mapping mapping =
          of(MadeUpVisits.file(
                  MadeUpVisits.of(VISITORS)
                      .lines(
                          v ->
                              "{\"client\":{\"device\":{\"id\":\"%s\"}%s},\"t\":%s}"
                                  .formatted(
                                      v.id(),
                                      v.millis() % 3 == 0
                                          ? ",\"user\":{\"id\":\"u%s\"}".formatted(v.id())
                                          : "",
                                      v.millis()))))
              .mapping();
      assertEquals("/client/device/id", String.valueOf(mapping.visitId()));
      assertEquals("/client/user/id", String.valueOf(mapping.user()));
    }

    @Test
    void nobodyIsUserByChance() {
      assertNull(
          of(MadeUpVisits.file(
                  MadeUpVisits.of(9)
                      .lines(v -> "{\"cid\":\"%s\",\"t\":%s}".formatted(v.id(), v.millis()))))
              .mapping()
              .user());
    }
  }

  @Nested
  class OtherRecords {
    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '`',
        value = {
          "`{\"a\":`, MALFORMED",
          "`{`, MALFORMED",
          "`[{\"a\":1}]`, ARRAY",
          "`\"text\"`, JSON_VALUE",
          "`[2026-03-01] started`, TEXT",
          "`some words`, TEXT",
          "`Obj\u0001schema`, AVRO_FILE",
          "`PAR1`, PARQUET_FILE",
          "`\u0002abc`, BINARY",
          "`\u0000\u0000\u0000\u0000\u0007abc`, SCHEMA_ID",
        })
    void haveShapeWithoutVisits(String line, Shape shape) {
      Inspection inspection = ofLines(line, line);
      assertEquals(shape, inspection.shape());
      assertFalse(inspection.makesVisits());
    }

    @Test
    void emptyTopicHasNothing() {
      Inspection inspection = of(new RecordSample(RecordSample.Source.TOPIC, "events", 10));
      assertFalse(inspection.makesVisits());
      assertEquals(
          "events: no records: it is empty",
          InspectionReport.lines(inspection, false, 80).get(0).text());
    }

    @Test
    void deletedRecordsAreCounted() {
      RecordSample sample = new RecordSample(RecordSample.Source.TOPIC, "events", 10);
      sample.addNewest(new SampledRecord(null, new byte[0], 1, 0));
      assertEquals(Shape.EMPTY, of(sample).shape());
    }

    @Test
    void oneRecordIsInspected() {
      Inspection inspection = ofLines(MadeUpVisits.of(1).lines(Shapes::segment).get(0));
      assertEquals("segment", Objects.requireNonNull(inspection.mapping().format()).name());
      assertEquals(1, inspection.visits().visits().size());
    }

    @Test
    void largeLinesAreNotMalformed() throws Exception {
      String line = MadeUpVisits.of(1).lines(Shapes::segment).get(0);
      String large = "{\"a\":\"" + "x".repeat(3 << 20) + "\"}";
      RecordSample sample =
          new FileSample("events", 10, n -> {})
              .read(
                  new ByteArrayInputStream(
                      (line + "\n" + large + "\n").getBytes(StandardCharsets.UTF_8)));
      Inspection inspection = of(sample);
      assertEquals(1, inspection.shapes().get(Shape.TOO_LARGE));
      assertEquals(Map.of(Reason.TOO_LARGE, 1L), inspection.visits().rejected());
      assertTrue(sample.records().stream().mapToInt(SampledRecord::size).sum() < 2000);
      assertTrue(
          InspectionReport.lines(inspection, false, 100).stream()
              .anyMatch(
                  l ->
                      l.text()
                          .equals(
                              "shape      50 % JSON objects; 1 larger than --maxRecordBytes"
                                  + " (1,048,576)")),
          () -> InspectionReport.lines(inspection, false, 100).toString());
    }

    @Test
    void malformedOnesDoNotHideObjects() {
      List<String> lines = new ArrayList<>(MadeUpVisits.of(30).lines(Shapes::segment));
      lines.add("{\"anonymousId\":");
      lines.add("\u0001");
      Inspection inspection = of(MadeUpVisits.file(lines));
      assertEquals(Shape.OBJECT, inspection.shape());
      assertEquals(1, inspection.shapes().get(Shape.MALFORMED));
      assertEquals(1, inspection.shapes().get(Shape.BINARY));
    }
  }

  @Nested
  class Bounds {
    @Test
    void topicKeepsNewestRecords() {
      RecordSample sample = new RecordSample(RecordSample.Source.TOPIC, "events", 3);
      for (int i = 0; i < 5; i++) {
        sample.addNewest(new SampledRecord(null, new byte[] {(byte) ('0' + i)}, i, 0));
      }
      assertEquals(
          List.of(2L, 3L, 4L),
          sample.records().stream().map(SampledRecord::timestampMillis).toList());
      assertFalse(sample.isWhole());
    }

    @Test
    void bytesAreBounded() {
      RecordSample sample =
          new RecordSample(RecordSample.Source.TOPIC, "events", Integer.MAX_VALUE);
      byte[] megabyte = new byte[1 << 20];
      for (int i = 0; i < 200; i++) {
        sample.addNewest(new SampledRecord(null, megabyte, i, 0));
      }
      assertTrue(sample.records().size() <= 128);
    }

    @Test
    void namesThatAreValuesAreCut() {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        lines.add("{\"k%s\":1}".formatted(i));
      }
      FieldTable table = of(MadeUpVisits.file(lines)).table();
      assertEquals(FieldTable.MAX_FIELDS, table.fields().size());
      assertTrue(table.isCut());
    }

    @Test
    void deepAndWideRecordsAreCut() {
      Inspection inspection =
          ofLines(
              "{\"a\":".repeat(900) + "1" + "}".repeat(900),
              "{\"a\":" + "[".repeat(900) + "]".repeat(900) + "}");
      assertTrue(inspection.table().fields().size() <= 2);
    }
  }
}
