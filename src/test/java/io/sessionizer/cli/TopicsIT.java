package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.SessionizationJob;
import io.sessionizer.testing.TestKafka;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sessionizer topics} with a real broker, whose default is two partitions. */
class TopicsIT {
  private final TestKafka kafka = new TestKafka();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"windows", "stateful"})
  void jobStartsWithCreatedTopics(String engine) throws Exception {
    String[] flags = kafka.flags("--engine=" + engine);
    assertEquals(0, topics(flags), err::toString);
    boolean isStateful = engine.equals("stateful");
    assertEquals(
        """
        created  visits        2 partitions, replication factor 1, cleanup.policy=delete
        created  sessions      2 partitions, replication factor 1, cleanup.policy=compact, max.message.bytes=8388608
        %s
        created  dead-letters  2 partitions, replication factor 1, cleanup.policy=delete, max.message.bytes=8388608
        """
            .formatted(
                isStateful
                    ? "created  late-visits   2 partitions, replication factor 1, cleanup.policy=delete, max.message.bytes=8388608"
                    : "unused   late-visits   not written with --engine=windows"),
        shown());
    assertEquals("", err.toString());
    assertEquals(isStateful ? 4 : 3, existing().size());
    assertEquals(
        Map.of("cleanup.policy", "compact", "max.message.bytes", "8388608"), config("sessions"));
    assertEquals(
        Map.of("cleanup.policy", "delete", "max.message.bytes", "8388608"), config("dead-letters"));
    assertEquals(SessionizationJob.DONE, SessionizationJob.run(with(flags, "--stopWhenDrained")));
  }

  @Test
  void dryRunCreatesNothing() throws Exception {
    assertEquals(0, topics(kafka.flags("--dryRun", "--partitions=3")), err::toString);
    assertEquals(
        """
        would create  visits        3 partitions, replication factor 1, cleanup.policy=delete
        would create  sessions      3 partitions, replication factor 1, cleanup.policy=compact, max.message.bytes=8388608
        would create  late-visits   3 partitions, replication factor 1, cleanup.policy=delete, max.message.bytes=8388608
        would create  dead-letters  3 partitions, replication factor 1, cleanup.policy=delete, max.message.bytes=8388608
        """,
        shown());
    assertEquals(Set.of(), existing());
  }

  @Test
  void secondCallFindsTopics() throws Exception {
    assertEquals(0, topics(kafka.flags()), err::toString);
    out.getBuffer().setLength(0);
    assertEquals(0, topics(kafka.flags("--partitions=5")), err::toString);
    assertEquals(
        """
        exists  visits        2 partitions, replication factor 1
        exists  sessions      2 partitions, replication factor 1
        exists  late-visits   2 partitions, replication factor 1
        exists  dead-letters  2 partitions, replication factor 1
        """,
        shown());
  }

  @Test
  void partitionsAndBytesFollowVisits() throws Exception {
    kafka.create("visits", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "9000000"));
    kafka.growVisitsTo(7);
    assertEquals(0, topics(kafka.flags()), err::toString);
    assertTrue(
        shown()
            .endsWith(
                "created  dead-letters  7 partitions, replication factor 1, cleanup.policy=delete,"
                    + " max.message.bytes=9016384\n"),
        this::shown);
  }

  @Test
  void wrongSettingsExitWithCommandThatChangesThem() throws Exception {
    kafka.create("visits", Map.of());
    kafka.create("sessions", Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100000"));
    assertEquals(3, topics(kafka.flags("--dryRun")));
    assertEquals(
        """
        sessionizer: topic %1$s accepts records of up to 100000 bytes (max.message.bytes), but the job may write 900000 (--maxSessionBytes): raise it with kafka-configs.sh --bootstrap-server %2$s --alter --entity-type topics --entity-name %1$s --add-config max.message.bytes=8388608, or lower --maxSessionBytes
        """
            .formatted(kafka.topic("sessions"), TestKafka.address()),
        err.toString());
    assertEquals("100000", config("sessions").get("max.message.bytes"));
  }

  @Test
  void tooManyReplicasAreNamedOnce() throws Exception {
    assertEquals(3, topics(kafka.flags("--replicationFactor=3")));
    assertEquals(
        """
        failed  visits
        failed  sessions
        failed  late-visits
        failed  dead-letters
        """,
        shown());
    assertTrue(
        err.toString()
            .startsWith(
                "sessionizer: cannot create %s, %s, %s, %s: --replicationFactor=3: "
                    .formatted(
                        kafka.topic("visits"),
                        kafka.topic("sessions"),
                        kafka.topic("late-visits"),
                        kafka.topic("dead-letters"))),
        err::toString);
    assertEquals(1, err.toString().lines().count(), err::toString);
    assertEquals(Set.of(), existing());
  }

  @Test
  void readsTopicNamesFromConfigFile(@TempDir Path folder) throws Exception {
    List<String> lines =
        Stream.of(kafka.flags("--maxSessionBytes=20000000"))
            .map(flag -> flag.substring(2).replaceFirst("=", ": "))
            .collect(Collectors.toCollection(ArrayList::new));
    lines.add("engine: windows");
    Path file = Files.write(folder.resolve("job.yaml"), lines);
    assertEquals(0, topics("--config=" + file), err::toString);
    assertEquals(3, existing().size());
    assertEquals(
        Map.of("cleanup.policy", "compact", "max.message.bytes", "20016384"), config("sessions"));
  }

  @Test
  void reportsInvalidFlagsAtOnce() {
    assertEquals(2, topics("--partitions=0", "--replicationFactor=40000", "--visitTopic=x"));
    assertEquals(
        """
        sessionizer: --partitions=0: must be from 1 to 2147483647
        sessionizer: --replicationFactor=40000: must be from 1 to 32767
        sessionizer: --visitTopic: no such flag; did you mean --visitsTopic?
        Try sessionizer topics --help
        """,
        err.toString());
  }

  private int topics(String... flags) {
    return Sessionizer.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(with(new String[] {"topics"}, flags));
  }

  /** Returns the output with the usual names of topics. */
  private String shown() {
    return out.toString().replace(kafka.topic(""), "");
  }

  private Set<String> existing() throws Exception {
    try (Admin admin = Admin.create(TestKafka.config())) {
      return admin.listTopics().names().get().stream()
          .filter(name -> name.endsWith(kafka.topic("")))
          .collect(Collectors.toSet());
    }
  }

  private Map<String, String> config(String name) throws Exception {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, kafka.topic(name));
    try (Admin admin = Admin.create(TestKafka.config())) {
      var config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
      return Stream.of("cleanup.policy", "max.message.bytes")
          .collect(Collectors.toMap(setting -> setting, setting -> config.get(setting).value()));
    }
  }

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
  }
}
