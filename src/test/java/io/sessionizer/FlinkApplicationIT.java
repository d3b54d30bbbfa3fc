package io.sessionizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.config.NotReadyException;
import io.sessionizer.launch.Flags;
import io.sessionizer.testing.FlinkApplication;
import io.sessionizer.testing.FlinkCluster;
import io.sessionizer.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job that the JobManager starts itself, again after a failure. */
@Timeout(600)
class FlinkApplicationIT {
  @TempDir private Path folder;
  private final TestKafka kafka = new TestKafka();

  @Test
  void failoverContinuesJobAtOnce() throws Exception {
    kafka.createTopics(1);
    kafka.writeVisits(0, visit("a", "00:00"), visit("b", "01:00"));
    String[] flags = kafka.flags("--checkpointingInterval=500", "--parallelism=1");
    try (FlinkApplication cluster = FlinkApplication.start(folder, flags)) {
      await(cluster, "a@1704067200000");
      NotReadyException rejected =
          Assertions.assertThrows(
              NotReadyException.class,
              () -> SessionizationJob.start(Flags.parse(kafka.flags("--stopWhenDrained"))));
      assertTrue(rejected.getMessage().startsWith("another job of group "), rejected::getMessage);

      cluster.restartJobManager();
      kafka.writeVisits(0, visit("c", "02:00"));
      await(cluster, "b@1704070800000");
      assertFalse(cluster.log().contains("another job of group"), cluster.log());
      assertEquals(1, runs().values().stream().distinct().count());
    }
  }

  private void await(FlinkApplication cluster, String session) throws Exception {
    FlinkCluster.await(
        session + " of " + folder,
        Duration.ofMinutes(3),
        () -> {
          cluster.get("overview");
          return runs().containsKey(session);
        });
  }

  /** The run of each session. */
  private Map<String, String> runs() {
    Map<String, String> runs = new TreeMap<>();
    kafka
        .read("sessions")
        .forEach(
            session ->
                runs.put(new String(session.key(), UTF_8), TestKafka.headers(session).get("run")));
    return runs;
  }

  private static byte[] visit(String visitId, String time) {
    return "{\"visit_id\":\"%s\",\"event_time\":\"2024-01-01T%s:00Z\"}"
        .formatted(visitId, time)
        .getBytes(UTF_8);
  }
}
