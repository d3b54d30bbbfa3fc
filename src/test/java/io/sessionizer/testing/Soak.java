package io.sessionizer.testing;

import io.sessionizer.SessionizationJob;
import io.sessionizer.broker.LocalBroker;
import io.sessionizer.broker.LocalTopics;
import io.sessionizer.broker.TemporaryFolder;
import io.sessionizer.generator.KafkaVisitSink;
import io.sessionizer.generator.RateLimit;
import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import io.sessionizer.generator.VisitFeed;
import io.sessionizer.generator.VisitGenerator;
import io.sessionizer.launch.Flags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;

/**
 * A program that has a job on a real cluster read many visits at full speed, and prints how much of
 * each TaskManager's heap is in use after a full garbage collection, and what checkpoints take. The
 * heap has to stay flat: memory is a function of open visits, not of time.
 */
public final class Soak {
  private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(15);
  private static final Pattern HEAP_USED = Pattern.compile("heap.* used (\\d+)K");
  private static final List<String> TASK_MANAGERS = List.of("taskmanager-1", "taskmanager-2");

  private Soak() {}

  /** Arguments: how many visits, how many visitors at a time, then flags for the cluster. */
  public static void main(String[] args) throws Exception {
    long visits = Long.parseLong(args[0]);
    int visitors = Integer.parseInt(args[1]);
    String[] clusterFlags = Stream.of(args).skip(2).toArray(String[]::new);
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalBroker broker = LocalBroker.start(folder.path(), 0);
        FlinkCluster cluster = FlinkCluster.start(clusterFlags)) {
      LocalTopics.create(broker.address());
      write(
          new Traffic(visits, visitors, Instant.EPOCH, 1, TrafficMix.ALL_ON_TIME),
          broker.address());
      SessionizationJob.start(
          Flags.parse(
              "--runner=FlinkRunner",
              "--flinkMaster=" + cluster.address(),
              "--bootstrapServers=" + broker.address()));
      sample(cluster, broker.address(), visits);
    }
  }

  private static void write(Traffic traffic, String address) throws Exception {
    Map<String, Object> client = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address);
    try (KafkaVisitSink sink = KafkaVisitSink.open("visits", client)) {
      new VisitFeed(new VisitGenerator(traffic), sink, RateLimit.UNLIMITED).run(count -> {});
    }
  }

  private static void sample(FlinkCluster cluster, String address, long visits) throws Exception {
    Map<String, Object> client = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address);
    System.out.println("visits read, visits/s, heap after full GC (MB), checkpoint (MB, ms)");
    try (Admin admin = Admin.create(client)) {
      long before = 0;
      long since = System.nanoTime();
      for (long read = 0; read < visits; ) {
        Thread.sleep(BETWEEN_SAMPLES.toMillis());
        read = committed(admin);
        double seconds = (System.nanoTime() - since) / 1e9;
        var checkpoint =
            cluster
                .get("jobs/" + cluster.runningJob().orElseThrow() + "/checkpoints")
                .at("/latest/completed");
        System.out.printf(
            "%,d, %,.0f, %s, %.1f %d%n",
            read,
            (read - before) / seconds,
            heaps(cluster),
            checkpoint.path("checkpointed_size").asLong() / 1e6,
            checkpoint.path("end_to_end_duration").asLong());
        before = read;
        since = System.nanoTime();
      }
    }
  }

  /** How many visits the last checkpoint has. */
  private static long committed(Admin admin) throws Exception {
    return admin
        .listConsumerGroupOffsets("sessionizer.visits.sessions")
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(offset -> offset.offset())
        .sum();
  }

  private static String heaps(FlinkCluster cluster) throws IOException, InterruptedException {
    List<String> heaps = new ArrayList<>();
    for (String name : TASK_MANAGERS) {
      long pid = cluster.process(name).pid();
      jcmd(pid, "GC.run");
      Matcher used = HEAP_USED.matcher(jcmd(pid, "GC.heap_info"));
      heaps.add(used.find() ? String.valueOf(Long.parseLong(used.group(1)) / 1024) : "?");
    }
    return heaps.stream().collect(Collectors.joining(" + "));
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    String jcmd =
        ProcessHandle.current().info().command().orElseThrow().replaceFirst("java$", "jcmd");
    Process process =
        new ProcessBuilder(jcmd, String.valueOf(pid), command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
