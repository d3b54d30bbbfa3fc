package io.sessionizer.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder of a Flink cluster of processes: its configuration, checkpoints and logs. The
 * processes have the classes of the tests' jar.
 *
 * @param path of the folder
 */
record FlinkFolder(Path path) {
  /**
   * Writes the configuration of a cluster on this machine, whose TaskManagers have one slot each.
   *
   * @param port of the REST API
   * @param more settings, one on each line
   */
  static FlinkFolder create(Path path, int port, String more) throws IOException {
    FlinkFolder folder = new FlinkFolder(path);
    Files.createDirectory(folder.conf());
    Files.writeString(
        folder.conf().resolve("config.yaml"),
        """
        rest.address: localhost
        rest.bind-address: localhost
        rest.port: %s
        jobmanager.rpc.address: localhost
        jobmanager.bind-host: localhost
        taskmanager.host: localhost
        taskmanager.bind-host: localhost
        heartbeat.interval: 500
        restart-strategy.type: fixed-delay
        restart-strategy.fixed-delay.attempts: 1000000
        restart-strategy.fixed-delay.delay: 100 ms
        state.checkpoints.dir: "%s"
        io.tmp.dirs: "%s"
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
        %s
        """
            .formatted(port, path.resolve("checkpoints").toUri(), path, more));
    return folder;
  }

  /** The folder of the configuration. */
  Path conf() {
    return path.resolve("conf");
  }

  /** The file with what a process prints. */
  Path log(String name) {
    return path.resolve(name + ".log");
  }

  /** Starts a process. */
  Process launch(String name, Class<?> main, String... args) throws IOException {
    List<String> line = new ArrayList<>(Command.JAVA);
    line.addAll(Command.OF_THE_MANIFEST);
    line.addAll(SharedClasses.options());
    line.add("-Djava.io.tmpdir=" + path); // a killed process deletes none of its files
    line.addAll(List.of("-Xmx512m", "-cp", SharedClasses.JAR.toString(), main.getName()));
    line.addAll(List.of(args));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(log(name).toFile())
        .start();
  }
}
