package io.sessionizer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sessionizer.launch.AbsentFlags;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.Preflight;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that a message names for missing topics. */
class TopicsCommandLineTest {
  @Test
  void namesBrokersAlways() throws Exception {
    assertEquals("./sessionizer topics --bootstrapServers=localhost:9092", command());
  }

  @Test
  void hasFlagsThatDecideTopics() throws Exception {
    assertEquals(
        "./sessionizer topics --visitsTopic=clicks --bootstrapServers=a:1,b:2"
            + " --maxSessionBytes=2000000",
        command(
            "--visitsTopic=clicks",
            "--sessionGap=20m",
            "--bootstrapServers=a:1,b:2",
            "--maxSessionBytes=2000000",
            "--stopWhenDrained"));
  }

  @Test
  void namesEngineThatRunnerChooses() throws Exception {
    assertEquals(
        "./sessionizer topics --bootstrapServers=localhost:9092", command("--runner=FlinkRunner"));
    assertEquals(
        "./sessionizer topics --engine=windows --bootstrapServers=kafka:9092",
        Preflight.parse(
                AbsentFlags.ofDataflow(),
                "--runner=DataflowRunner",
                "--project=my-project-1",
                "--region=europe-west1",
                "--tempLocation=gs://my-bucket/temp",
                "--bootstrapServers=kafka:9092")
            .topicsCommand());
  }

  @Test
  void namesFilesButNoSettings(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("my client.properties"), "acks=all\n");
    Path config = Files.writeString(folder.resolve("job.yaml"), "bootstrapServers: a:1\n");
    String command =
        command(
            "--config=" + config,
            "--producerConfig=" + file,
            "--producerConfig=sasl.jaas.config=x required password=\"s3cret\";",
            "--consumerConfig=ssl.key.password=s3cret");
    assertEquals(
        "./sessionizer topics --bootstrapServers=a:1 --config=%s '--producerConfig=%s' and the credentials that --producerConfig has here"
            .formatted(config, file),
        command);
    assertFalse(command.contains("s3cret"), command);
  }

  private static String command(String... flags) throws Exception {
    return Flags.parse(flags).topicsCommand();
  }
}
