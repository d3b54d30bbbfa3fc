package io.sessionizer.testing;

import io.sessionizer.SessionizationJob;
import io.sessionizer.broker.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer;

/**
 * A cluster of Flink in application mode with high availability: a JobManager that runs the main
 * class of the job, one TaskManager, and ZooKeeper. With the classes of the tests' jar.
 */
public final class FlinkApplication extends FlinkRest implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path folder;
  private final List<String> flags;
  private final List<Process> others = new ArrayList<>();
  private Command jobManager;

  private FlinkApplication(Path folder, String address, List<String> flags) throws Exception {
    super(address);
    this.folder = folder;
    this.flags = flags;
    others.add(
        launch("zookeeper", FlinkZooKeeperQuorumPeer.class, "--zkConfigFile", file("zoo.cfg")));
    this.jobManager = startJobManager();
    others.add(launch("taskmanager", TaskManagerRunner.class, "--configDir", file("conf")));
  }

  /** Starts a cluster for a job with flags, and waits until all of it runs. */
  public static FlinkApplication start(Path folder, String... flags) throws Exception {
    int port = FreePort.choose();
    int zookeeper = FreePort.choose();
    Files.writeString(
        folder.resolve("zoo.cfg"),
        "dataDir=%s\nclientPort=%s\nclientPortAddress=localhost\nadmin.enableServer=false\n"
            .formatted(folder.resolve("zookeeper"), zookeeper));
    Files.writeString(
        Files.createDirectory(folder.resolve("conf")).resolve("config.yaml"),
        """
        rest.address: localhost
        rest.bind-address: localhost
        rest.port: %1$s
        jobmanager.rpc.address: localhost
        jobmanager.bind-host: localhost
        taskmanager.host: localhost
        taskmanager.bind-host: localhost
        high-availability.type: zookeeper
        high-availability.zookeeper.quorum: localhost:%2$s
        high-availability.storageDir: "%3$s"
        heartbeat.interval: 500
        heartbeat.timeout: 10000
        restart-strategy.type: fixed-delay
        restart-strategy.fixed-delay.attempts: 1000000
        restart-strategy.fixed-delay.delay: 100 ms
        state.checkpoints.dir: "%4$s"
        io.tmp.dirs: "%5$s"
        taskmanager.numberOfTaskSlots: 1
        # What Flink's own scripts compute.
        taskmanager.cpu.cores: 1
        taskmanager.memory.framework.heap.size: 128m
        taskmanager.memory.framework.off-heap.size: 128m
        taskmanager.memory.task.heap.size: 256m
        taskmanager.memory.task.off-heap.size: 0
        taskmanager.memory.managed.size: 64m
        taskmanager.memory.network.min: 64m
        taskmanager.memory.network.max: 64m
        taskmanager.memory.jvm-metaspace.size: 256m
        taskmanager.memory.jvm-overhead.min: 192m
        taskmanager.memory.jvm-overhead.max: 192m
        """
            .formatted(
                port,
                zookeeper,
                folder.resolve("ha").toUri(),
                folder.resolve("checkpoints").toUri(),
                folder));
    FlinkApplication cluster = new FlinkApplication(folder, "localhost:" + port, List.of(flags));
    try {
      cluster.awaitCheckpoint();
    } catch (Exception | Error e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  /** Waits until all steps run, and a checkpoint is complete. */
  public void awaitCheckpoint() throws Exception {
    FlinkCluster.await(
        "a job that runs, " + folder,
        PATIENCE,
        () -> {
          if (!jobManager.process().isAlive()) {
            throw new IllegalStateException(jobManager.err());
          }
          return checkpoints() > 0;
        });
  }

  /** Ends the JobManager as {@code kill -9} does, and starts it again at once. */
  public void restartJobManager() throws Exception {
    jobManager.process().destroyForcibly().waitFor();
    jobManager.close();
    jobManager = startJobManager();
  }

  /** Returns what the JobManager has printed since it was started. */
  public String log() throws IOException {
    return jobManager.err();
  }

  private Command startJobManager() throws Exception {
    List<String> args = new ArrayList<>(List.of(file("conf"), SessionizationJob.class.getName()));
    args.addAll(flags);
    Path own = Files.createTempDirectory(folder, "jobmanager");
    return Command.ofTests(own, ApplicationCluster.class, args.toArray(String[]::new));
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private Process launch(String name, Class<?> main, String... args) throws IOException {
    List<String> line = new ArrayList<>(Command.JAVA);
    line.addAll(Command.OF_THE_MANIFEST);
    line.addAll(SharedClasses.options());
    line.add("-Djava.io.tmpdir=" + folder);
    line.addAll(List.of("-Xmx512m", "-cp", SharedClasses.JAR.toString(), main.getName()));
    line.addAll(List.of(args));
    if (main == FlinkZooKeeperQuorumPeer.class) {
      line.addAll(List.of("--peerId", "1"));
    }
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  @Override
  public void close() {
    jobManager.close();
    others.forEach(Process::destroyForcibly);
    others.forEach(process -> process.onExit().join());
  }
}
