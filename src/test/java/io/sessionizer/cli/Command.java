package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command as a user starts it: a process, and what it prints. */
public record Command(Process process, Path outFile, Path errFile) implements AutoCloseable {
  /** The manifest of the jar opens the same; without it Flink cannot save its state. */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:TieredStopAtLevel=1", // as this process, for the same reason
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED");

  /**
   * Starts a command.
   *
   * @param folder for its temporary files and what it prints
   * @param javaOptions options of its JVM
   */
  public static Command start(Path folder, List<String> javaOptions, String name, String... args)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(OPTIONS);
    line.addAll(javaOptions);
    line.addAll(
        List.of(
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Sessionizer.class.getName(),
            name));
    line.addAll(List.of(args));
    Path out = Files.createTempFile(folder, name, ".out");
    Path err = Files.createTempFile(folder, name, ".err");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("LC_ALL", "C"); // what comes out is UTF-8 all the same
    return new Command(builder.start(), out, err);
  }

  public String out() throws IOException {
    return Files.readString(outFile);
  }

  public String err() throws IOException {
    return Files.readString(errFile);
  }

  public int exitCode(int seconds) throws InterruptedException {
    assertTrue(process.waitFor(seconds, TimeUnit.SECONDS), "still running");
    return process.exitValue();
  }

  public void interrupt() throws IOException, InterruptedException {
    signal("INT");
  }

  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  /** Waits until the command has said something, as a user would. */
  public void awaitErr(String text, int seconds) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!err().contains(text)) {
      assertTrue(process.isAlive() && System.nanoTime() < deadline, err());
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
  }

  /** Kills what still runs of it. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
