package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.config.Settings;
import io.sessionizer.kafka.WatermarkEstimate;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.SessionizeVisits;
import io.sessionizer.testing.Collected;
import io.sessionizer.testing.Page;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitPacket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** The worked example and the defaults of docs/guarantees.md are those of the job. */
class GuaranteesPageTest {
  private static final LocalDate DAY = LocalDate.parse("2024-01-01");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:mm", Locale.ROOT);
  private static final TopicPartition PARTITION = new TopicPartition("visits", 0);

  private final Page page = Page.of(Path.of("docs", "guarantees.md"));
  private final Settings defaults = Flags.parse().settings();

  GuaranteesPageTest() throws Exception {}

  /** A row of the example: a visit, or silence, and the watermark after it. */
  private record Row(String visitId, long eventTime, long watermark, String written) {
    static Row of(List<String> cells) {
      List<String> visitId = Page.codesIn(cells.get(0));
      return visitId.isEmpty()
          ? new Row("", Long.MIN_VALUE, millis(cells.get(1)), cells.get(3))
          : new Row(
              visitId.get(0),
              millis(cells.get(0).replaceFirst(".* ", "")),
              millis(cells.get(1)),
              cells.get(3));
    }

    boolean isSilence() {
      return visitId.isEmpty();
    }
  }

  @Test
  void watermarkExampleIsWhatHappens() {
    List<Row> rows = rows();
    Collected<SessionRecord> sessions = new Collected<>();
    Collected<LateVisit> lateVisits = new Collected<>();
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--targetParallelism=1").create());
    PCollectionTuple sessionized =
        pipeline
            .apply(stream(rows))
            .apply(SessionizeVisits.with(defaults.policy(), Engine.STATEFUL));
    sessionized.get(SessionizeVisits.SESSIONS).apply("Sessions", sessions);
    sessionized.get(SessionizeVisits.LATE_VISITS).apply("LateVisits", lateVisits);
    pipeline.run().waitUntilFinish();
    assertEquals(
        rows.stream().map(Row::written).filter(text -> !text.isEmpty()).sorted().toList(),
        Stream.concat(
                sessions.elements().stream().map(GuaranteesPageTest::text),
                lateVisits.elements().stream().map(GuaranteesPageTest::text))
            .sorted()
            .toList());
  }

  /** Visits are read when they happen; after the last one the end is checked every second. */
  @Test
  void watermarksOfExampleAreThoseOfJob() {
    long now = millis("10:00");
    WatermarkEstimate watermarks = new WatermarkEstimate(defaults, List.of(PARTITION), now);
    List<Long> actual = new ArrayList<>();
    for (Row row : rows()) {
      long watermark = Long.MIN_VALUE;
      if (row.isSilence()) {
        for (int second = 0; second < 3600 && watermark < row.watermark(); second++) {
          now += 1000;
          watermark = watermarks.at(Map.of(PARTITION, 0L), now).orElseThrow();
        }
      } else {
        now = Math.max(now, row.eventTime());
        watermarks.visitRead(
            new ConsumerRecord<>("visits", 0, 0, null, null), row.eventTime(), now);
        watermark = watermarks.of(PARTITION).orElseThrow();
      }
      actual.add(watermark);
    }
    assertEquals(rows().stream().map(Row::watermark).toList(), actual);
  }

  @Test
  void capsAndTheirDefaultsAreThoseOfJob() {
    SessionPolicy policy = defaults.policy();
    assertEquals(
        List.of(
            List.of(EndReason.MAX_PAGES, "--maxPagesPerSession", grouped(policy.maxPages())),
            List.of(EndReason.INACTIVITY, "--sessionGap", policy.gap().toMinutes() + " minutes"),
            List.of(EndReason.MAX_BYTES, "--maxSessionBytes", grouped(policy.maxBytes())),
            List.of(
                EndReason.MAX_DURATION,
                "--maxSessionDuration",
                policy.maxDuration().toHours() + " hours")),
        page.table("Caps", "`end_reason`").stream()
            .map(
                row ->
                    List.of(
                        EndReason.ofHeaderValue(Page.codesIn(row.get(0)).get(0)),
                        Page.codesIn(row.get(2)).get(0),
                        row.get(3)))
            .toList());
  }

  private List<Row> rows() {
    return page.table("Watermarks", "visit read").stream().map(Row::of).toList();
  }

  private static TestStream<VisitPacket> stream(List<Row> rows) {
    TestStream.Builder<VisitPacket> stream = TestStream.create(VisitPacket.CODER);
    Provenance provenance = new Provenance(new SourcePosition("visits", 0, 0), 0);
    for (Row row : rows) {
      if (!row.isSilence()) {
        Visit visit = new Visit(row.visitId(), row.eventTime(), null, null);
        stream =
            stream.addElements(
                TimestampedValue.of(
                    VisitPacket.of(List.of(new LocatedVisit(visit, provenance))).get(0),
                    Instant.ofEpochMilli(row.eventTime())));
      }
      stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(row.watermark()));
    }
    return stream.advanceWatermarkToInfinity();
  }

  private static String text(SessionRecord record) {
    Upsert session = (Upsert) record.unpacked();
    return "`%s` %s to %s, revision %s, `%s`"
        .formatted(
            session.visitId(),
            time(session.session().startMillis()),
            time(session.session().endMillis()),
            session.revision(),
            session.timing().headerValue());
  }

  private static String text(LateVisit late) {
    Visit visit = late.located().visit();
    return "`%s` %s to `late-visits`, %s minutes late"
        .formatted(
            visit.visitId(),
            time(visit.eventTimeMillis()),
            Duration.ofMillis(late.lateByMillis()).toMinutes());
  }

  /** For example {@code 10,000}. */
  private static String grouped(int number) {
    return String.valueOf(number).replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",");
  }

  private static long millis(String time) {
    return DAY.atTime(LocalTime.parse(time, TIME)).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static String time(long millis) {
    return java.time.Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).format(TIME);
  }
}
