package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.Command;
import io.sessionizer.testing.Page;
import io.sessionizer.testing.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code docs/privacy.md}, on files and topics. */
class PrivateVisitsIT {
  private static final Page PAGE = Page.of(Path.of("docs", "privacy.md"));
  private static final String KEY = "correct horse battery staple";

  @TempDir private Path folder;

  private static List<String> block(int number) {
    return PAGE.blocks("json").toList().get(number).code().lines().toList();
  }

  private Path config(String keys) throws IOException {
    Path file = Files.writeString(folder.resolve("pseudonyms.properties"), keys);
    String config =
        PAGE.blocks("yaml").toList().get(0).code().replace("/etc/pseudonyms.properties", "" + file);
    return Files.writeString(folder.resolve("private.yaml"), config);
  }

  private String succeed(String command, String... flags) throws Exception {
    try (Command process = Command.start(folder, List.of(), command, flags)) {
      assertEquals(0, process.exitCode(300), process.out() + process.err());
      assertFalse((process.out() + process.err()).contains(KEY), process.err());
      return process.out();
    }
  }

  @Test
  void exampleIsWhatFilesBecome() throws Exception {
    Path in = Files.write(folder.resolve("in.jsonl"), block(0));
    Path out = folder.resolve("out");
    String config = "--config=" + config("key=" + KEY);
    String input = "--input=" + in;
    assertEquals(block(1), succeed("run", config, input, "--output=-").lines().sorted().toList());
    succeed("run", config, input, "--output=" + out);
    String verified = succeed("verify", config, input, "--sessions=" + out);
    assertTrue(verified.contains("every visit is in exactly one place"), verified);
    String excluded = succeed("run", "--privateVisits=exclude", input, "--output=-");
    assertFalse(excluded.contains("/tests"), excluded);
    assertEquals(2, excluded.lines().count());
  }

  @Test
  void exampleIsWhatTopicBecomes() throws Exception {
    String config = "--config=" + config("key=" + KEY);
    TestKafka kafka = new TestKafka().createTopics(1);
    TestKafka.write(
        block(0).stream()
            .map(
                visit ->
                    new ProducerRecord<byte[], byte[]>(
                        kafka.topic("visits"), visit.getBytes(UTF_8)))
            .toList());
    String[] flags = kafka.flags(config);
    succeed("run", with(flags, "--stopWhenDrained"));
    assertEquals(
        block(1),
        kafka.read("sessions").stream()
            .map(session -> new String(session.value(), UTF_8))
            .sorted()
            .toList());
    String verified = succeed("verify", flags);
    assertTrue(verified.contains("every visit is in exactly one place"), verified);
  }

  @Test
  void latePrivateVisitMakesPublishedSessionPrivate() throws Exception {
    TestKafka kafka = new TestKafka().createTopics(1);
    String[] flags =
        kafka.flags("--config=" + config("key=" + KEY), "--engine=stateful", "--idleAfter=PT1H");
    PipelineResult job = SessionizationJob.start(Flags.parse(flags));
    try {
      List<String> visits = block(0);
      write(kafka, visits.get(0));
      write(kafka, visits.get(2).replace("10:00:00", "10:30:00")); // of another visit id
      kafka.awaitRecords("sessions", 1, () -> {});
      write(kafka, visits.get(1));
      kafka.awaitRecords("sessions", 2, () -> {});
    } finally {
      job.cancel();
    }
    List<ConsumerRecord<byte[], byte[]>> records = kafka.read("sessions");
    String published = new String(records.get(0).value(), UTF_8);
    assertTrue(published.contains("\"user_id\":\"kim\""), published);
    assertTrue(published.contains("\"city\":\"Oslo\""), published);
    assertEquals("2", TestKafka.headers(records.get(1)).get("revision"));
    assertEquals(block(1).get(0), new String(records.get(1).value(), UTF_8));
  }

  @Test
  void ruleShowsItsValueInEndReason() throws Exception {
    TestKafka kafka = new TestKafka().createTopics(1);
    for (String visit : block(0)) {
      write(kafka, visit);
    }
    String[] flags = kafka.flags("--config=" + config("key=" + KEY), "--endOn=user_id=kim");
    String log = succeed("run", with(flags, "--stopWhenDrained"));
    assertFalse(log.contains("kim"), log);
    List<String> reasons = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> session : kafka.read("sessions")) {
      String json = new String(session.value(), UTF_8);
      boolean isPseudonym = json.contains("\"user_id\":\"hmac-sha256:");
      reasons.add(isPseudonym + " " + TestKafka.headers(session).get("end_reason"));
      assertEquals(isPseudonym, !json.contains("kim") && !json.contains("jo"), json);
    }
    assertEquals(
        List.of("false ended:user_id=kim", "false inactivity", "true ended:user_id=kim"),
        reasons.stream().sorted().toList());
  }

  private static void write(TestKafka kafka, String visit) throws Exception {
    kafka.writeVisits(0, visit.getBytes(UTF_8));
  }

  private static String[] with(String[] flags, String more) {
    return Stream.concat(Arrays.stream(flags), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void missingKeyIsReported() throws Exception {
    Path in = Files.write(folder.resolve("in.jsonl"), block(0));
    String[] flags = {"--config=" + config("other=x"), "--input=" + in, "--output=-"};
    try (Command process = Command.start(folder, List.of(), "run", flags)) {
      assertEquals(3, process.exitCode(300), process.err());
      assertTrue(
          process.err().contains(":key}: its config provider does not have it"), process.err());
    }
  }
}
