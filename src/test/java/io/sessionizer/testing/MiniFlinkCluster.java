package io.sessionizer.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;

/**
 * A Flink cluster in this process, of a JobManager and two TaskManagers with a slot each. A job
 * restarts within seconds when one of them stops.
 */
public final class MiniFlinkCluster extends FlinkRest implements AutoCloseable {
  private static final int TASK_MANAGERS = 2;

  private final MiniCluster cluster;
  private final Path emptyJar;

  /** The indexes of those that run, in the order in which they were started. */
  private final Deque<Integer> running = new ArrayDeque<>();

  private int started;

  private MiniFlinkCluster(MiniCluster cluster, URI address, Path emptyJar) {
    super(address.getHost() + ":" + address.getPort());
    this.cluster = cluster;
    this.emptyJar = emptyJar;
    for (int i = 0; i < TASK_MANAGERS; i++) {
      running.add(started++);
    }
  }

  /** Starts a cluster with a state backend, hashmap or rocksdb, and its files in a folder. */
  public static MiniFlinkCluster start(Path folder, String stateBackend) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("rest.bind-port", "0");
    configuration.setString("state.backend.type", stateBackend);
    configuration.setString("state.backend.incremental", "true");
    configuration.setString("state.checkpoints.dir", folder.resolve("checkpoints").toUri() + "");
    configuration.setString("io.tmp.dirs", folder.toString());
    configuration.setString("taskmanager.memory.managed.size", "64m");
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.attempts", "1000");
    configuration.setString("restart-strategy.fixed-delay.delay", "100 ms");
    Path emptyJar = folder.resolve("empty.jar");
    new JarOutputStream(Files.newOutputStream(emptyJar), new Manifest()).close();
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(TASK_MANAGERS)
                .setNumSlotsPerTaskManager(1)
                .setRpcServiceSharing(RpcServiceSharing.DEDICATED)
                .build());
    cluster.start();
    return new MiniFlinkCluster(cluster, cluster.getRestAddress().get(), emptyJar);
  }

  /** The flag of a job on it: its classes are those of this process. */
  public String stagesNothing() {
    return "--filesToStage=" + emptyJar;
  }

  /** Stops the TaskManager that has run for longest, and starts another. */
  public void replaceOne() throws Exception {
    cluster.terminateTaskManager(running.remove()).get();
    cluster.startTaskManager();
    running.add(started++);
  }

  @Override
  public void close() throws IOException {
    try {
      cluster.close();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
