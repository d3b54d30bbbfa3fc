package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.kafka.RecordMapping;
import io.sessionizer.launch.Flags;
import io.sessionizer.records.LateVisitRecord;
import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecord.Header;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.SessionsTable;
import io.sessionizer.testing.TestKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Late visits and dead letters of events in another format are the records as they were. */
@Timeout(600)
class OriginalRecordsIT {
  /** No older than what the topics retain. */
  private static final long TIMESTAMP = System.currentTimeMillis();

  private static final List<Header> HEADERS =
      List.of(
          new Header("site", "shop".getBytes(UTF_8)),
          new Header("trace", new byte[] {(byte) 0xFF, 0}),
          new Header("site", "blog".getBytes(UTF_8)),
          new Header("empty", null));

  /** Of records that were late visits or dead letters before. */
  private static final List<Header> EARLIER =
      List.of(
          new Header("late_by_ms", "1".getBytes(UTF_8)),
          new Header("source.file", "f".getBytes(UTF_8)));

  @TempDir private Path folder;

  private final TestKafka kafka = new TestKafka();

  /**
   * Events of a format.
   *
   * @param flags the format's
   * @param event the text of an event, with the time of a day in it
   * @param visitId of all events
   * @param attributes of a session of late visits
   */
  private record Format(List<String> flags, String event, String visitId, String attributes) {
    byte[] at(String time) {
      return event.formatted(time).getBytes(UTF_8);
    }
  }

  private static final Format SEGMENT =
      new Format(
          List.of("--visitFormat=segment", "--attribute=plan=first(/properties/plan)"),
          "{ \"type\":\"page\",\"anonymousId\":\"v\",\"timestamp\":\"2024-01-01T%s:00Z\","
              + "\"context\":{\"page\":{\"path\":\"/x\"}},\"properties\":{\"plan\":\"pro\",\"n\":1.0}}",
          "v",
          "{\"plan\":\"pro\"}");

  private static final Format COMBINED =
      new Format(
          List.of(
              "--visitFormat=combined",
              "--attribute=site=first(kafka:header:site)",
              "--attribute=written=first(kafka:timestamp)",
              "--attribute=key=first(kafka:key)"),
          "10.0.0.1 - kim [01/Jan/2024:%s:00 +0000] \"GET /x HTTP/1.1\" 200 5 \"-\" \"Firefox\"",
          "10.0.0.1:Firefox",
          "{\"site\":\"blog\",\"written\":" + TIMESTAMP + ",\"key\":\"key\"}");

  static Stream<Arguments> runners() {
    return Stream.of("DirectRunner", "FlinkRunner")
        .flatMap(
            runner -> Stream.of(Arguments.of(runner, SEGMENT), Arguments.of(runner, COMBINED)));
  }

  @ParameterizedTest
  @MethodSource("runners")
  void areWrittenAndReplayedAsTheyWere(String runner, Format format) throws Exception {
    kafka.createTopics(1);
    List<TopicRecord> late = new ArrayList<>();
    List<TopicRecord> rejected = new ArrayList<>();
    for (int minute = 10; minute < 15; minute++) {
      late.add(record("key", format.at("08:" + minute), HEADERS));
    }
    late.add(record(null, format.at("04:00"), List.of()));
    rejected.add(record("key", "not an event".getBytes(UTF_8), HEADERS));
    rejected.add(record(null, null, HEADERS));

    run(runner, format, late, rejected);

    assertEquals(set(late), set(originals("late-visits")));
    assertEquals(set(rejected), set(originals("dead-letters")));
    for (ConsumerRecord<byte[], byte[]> record : kafka.read("dead-letters")) {
      assertEquals(timestamp(record), "" + TIMESTAMP);
    }

    String[] flags = kafka.flags(flags(format, "--engine=stateful"));
    String verified = succeed("verify", flags);
    assertTrue(verified.contains("10 records: 2 accepted, 6 in late-visits-"), verified);
    assertTrue(verified.contains("result     no differences"), verified);
    String explained = succeed("explain", with(flags, format.visitId()));
    assertTrue(explained.contains("; 6 visits too late; "), explained);

    replay(format);
  }

  private void run(String runner, Format format, List<TopicRecord> late, List<TopicRecord> rejected)
      throws Exception {
    String[] flags =
        runner.equals("FlinkRunner")
            ? flags(format, "--runner=" + runner, "--checkpointingInterval=500")
            : flags(format, "--runner=" + runner);
    PipelineResult job =
        SessionizationJob.start(Flags.parse(kafka.flags(with(flags, "--engine=stateful"))));
    try {
      write(kafka, List.of(record("key", format.at("10:00"), HEADERS)), List.of());
      write(kafka, List.of(record("key", format.at("12:00"), HEADERS)), List.of());
      kafka.awaitRecords("sessions", 1, () -> assertRuns(job));
      write(kafka, late, EARLIER);
      write(kafka, rejected, EARLIER);
      kafka.awaitRecords("late-visits", late.size(), () -> assertRuns(job));
      kafka.awaitRecords("dead-letters", rejected.size(), () -> assertRuns(job));
    } finally {
      job.cancel();
    }
  }

  /** Writes the late visits to a topic, with their headers and as they are, and reads that. */
  private void replay(Format format) throws Exception {
    TestKafka again = new TestKafka().createTopics(1);
    List<TopicRecord> records = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.read("late-visits")) {
      LateVisitRecord late = LateVisitRecord.read(RecordMapping.contents(record));
      assertEquals(TIMESTAMP, late.timestampMillis());
      records.add(late.visit());
    }
    write(again, records, List.of());
    assertEquals(
        SessionizationJob.DONE,
        SessionizationJob.run(
            again.flags(flags(format, "--engine=stateful", "--stopWhenDrained"))));
    TreeMap<String, String> sessions = new TreeMap<>(SessionsTable.of(again.read("sessions")));
    assertEquals(2, sessions.size(), sessions::toString);
    String last = sessions.lastEntry().getValue();
    assertTrue(last.contains("\"start_time\":\"2024-01-01T08:10:00.000Z\""), last);
    assertTrue(last.contains("\"end_time\":\"2024-01-01T08:14:00.000Z\""), last);
    assertTrue(last.endsWith("\"attributes\":" + format.attributes() + "}"), last);
    assertEquals(List.of(), again.read("dead-letters"));
  }

  private static TopicRecord record(String key, byte[] value, List<Header> headers) {
    return new TopicRecord(key == null ? null : key.getBytes(UTF_8), value, headers);
  }

  private static void write(TestKafka kafka, List<TopicRecord> records, List<Header> more)
      throws Exception {
    List<ProducerRecord<byte[], byte[]>> produced = new ArrayList<>();
    for (TopicRecord record : records) {
      List<org.apache.kafka.common.header.Header> headers = new ArrayList<>();
      Stream.concat(more.stream(), record.headers().stream())
          .forEach(header -> headers.add(new RecordHeader(header.name(), header.value())));
      produced.add(
          new ProducerRecord<>(
              kafka.topic("visits"), 0, TIMESTAMP, record.key(), record.value(), headers));
    }
    TestKafka.write(produced);
  }

  /** The records of a topic without the headers of the job, which are behind the others. */
  private List<TopicRecord> originals(String topic) {
    List<TopicRecord> originals = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.read(topic)) {
      TopicRecord contents = RecordMapping.contents(record);
      int own = contents.headers().size() - (topic.equals("late-visits") ? 5 : 6);
      originals.add(
          new TopicRecord(contents.key(), contents.value(), contents.headers().subList(0, own)));
    }
    return originals;
  }

  private static String timestamp(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader("source.timestamp").value(), UTF_8);
  }

  private static Set<TopicRecord> set(List<TopicRecord> records) {
    return new HashSet<>(records);
  }

  private static void assertRuns(PipelineResult job) {
    assertTrue(!job.getState().isTerminal(), () -> "the job is " + job.getState());
  }

  private static String[] flags(Format format, String... more) {
    return with(format.flags().toArray(String[]::new), more);
  }

  private static String[] with(String[] flags, String... more) {
    return Stream.concat(Arrays.stream(flags), Arrays.stream(more)).toArray(String[]::new);
  }

  private String succeed(String command, String... flags) throws Exception {
    try (Command process = Command.start(folder, List.of(), command, flags)) {
      assertEquals(0, process.exitCode(300), process.out() + process.err());
      return process.out() + process.err();
    }
  }
}
