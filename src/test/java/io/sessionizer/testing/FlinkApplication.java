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

  private final FlinkFolder folder;
  private final List<String> flags;
  private final List<Process> others = new ArrayList<>();
  private Command jobManager;

  private FlinkApplication(FlinkFolder folder, String address, List<String> flags)
      throws Exception {
    super(address);
    this.folder = folder;
    this.flags = flags;
    others.add(
        folder.launch(
            "zookeeper",
            FlinkZooKeeperQuorumPeer.class,
            "--zkConfigFile",
            folder.path().resolve("zoo.cfg").toString(),
            "--peerId",
            "1"));
    this.jobManager = startJobManager();
    others.add(
        folder.launch(
            "taskmanager", TaskManagerRunner.class, "--configDir", folder.conf().toString()));
  }

  /** Starts a cluster for a job with flags, and waits until all of it runs. */
  public static FlinkApplication start(Path folder, String... flags) throws Exception {
    int port = FreePort.choose();
    int zookeeper = FreePort.choose();
    Files.writeString(
        folder.resolve("zoo.cfg"),
        "dataDir=%s\nclientPort=%s\nclientPortAddress=localhost\nadmin.enableServer=false\n"
            .formatted(folder.resolve("zookeeper"), zookeeper));
    FlinkFolder files =
        FlinkFolder.create(
            folder,
            port,
            """
            heartbeat.timeout: 10000
            high-availability.type: zookeeper
            high-availability.zookeeper.quorum: localhost:%s
            high-availability.storageDir: "%s"
            """
                .formatted(zookeeper, folder.resolve("ha").toUri()));
    FlinkApplication cluster = new FlinkApplication(files, "localhost:" + port, List.of(flags));
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
        "a job that runs, " + folder.path(),
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
    List<String> args =
        new ArrayList<>(List.of(folder.conf().toString(), SessionizationJob.class.getName()));
    args.addAll(flags);
    Path own = Files.createTempDirectory(folder.path(), "jobmanager");
    return Command.ofTests(own, ApplicationCluster.class, args.toArray(String[]::new));
  }

  @Override
  public void close() {
    jobManager.close();
    others.forEach(Process::destroyForcibly);
    others.forEach(process -> process.onExit().join());
  }
}
