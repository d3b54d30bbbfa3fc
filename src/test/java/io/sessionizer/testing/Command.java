package io.sessionizer.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.cli.Sessionizer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A command as a user starts it: a process, and what it prints. */
public record Command(Process process, Path outFile, Path errFile) implements AutoCloseable {
  /** Java, as this process has it, for the same reason; what ends soon makes little garbage. */
  public static final List<String> JAVA =
      Stream.concat(
              Stream.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC"),
              Runtime.version().feature() >= 24
                  ? Stream.of("--sun-misc-unsafe-memory-access=allow") // the launcher's
                  : Stream.of())
          .toList();

  /** What the manifest of the jar says, for a command that is not started from it. */
  static final List<String> OF_THE_MANIFEST =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED");

  /**
   * Has a process the signals that a terminal would give it, whoever starts the tests: a script
   * that starts them in the background has it ignore Ctrl-C.
   */
  private static final List<String> WITH_DEFAULT_SIGNALS =
      List.of(
          "perl", "-e", "$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP); exec { $ARGV[0] } @ARGV", "--");

  /**
   * Starts a command.
   *
   * @param folder for its temporary files and what it prints
   * @param javaOptions options of its JVM
   */
  public static Command start(Path folder, List<String> javaOptions, String name, String... args)
      throws IOException {
    return start(folder, name, java(folder, javaOptions, name, args));
  }

  /** Starts a command with the libraries of the tests, the runner for Dataflow among them. */
  public static Command withDataflow(
      Path folder, List<String> javaOptions, String name, String... args) throws IOException {
    List<String> options = new ArrayList<>(OF_THE_MANIFEST);
    options.addAll(javaOptions);
    List<String> program =
        List.of("-cp", System.getProperty("java.class.path"), Sessionizer.class.getName());
    return start(folder, name, java(folder, options, program, name, args));
  }

  /** Starts a program of the tests, a class without others, with the libraries of the jar. */
  public static Command ofTests(Path folder, Class<?> main, String... args) throws IOException {
    Path classes = folder.resolve("classes");
    Path copy = classes.resolve(main.getName().replace('.', '/') + ".class");
    Files.createDirectories(copy.getParent());
    Files.copy(main.getResourceAsStream(main.getSimpleName() + ".class"), copy);
    List<String> line = new ArrayList<>(JAVA);
    line.addAll(OF_THE_MANIFEST);
    line.addAll(SharedClasses.options());
    line.add("-Djava.io.tmpdir=" + folder);
    line.addAll(List.of("-cp", SharedClasses.JAR + File.pathSeparator + classes, main.getName()));
    line.addAll(List.of(args));
    return start(folder, main.getSimpleName(), line);
  }

  /** Starts a command whose files cannot grow beyond 12 MB, as if that filled the disk. */
  public static Command withSmallFiles(Path folder, String name, String... args)
      throws IOException {
    List<String> line = new ArrayList<>(List.of("bash", "-c", "ulimit -f 12288; exec \"$@\"", "-"));
    line.addAll(java(folder, List.of(), name, args));
    return start(folder, name, line);
  }

  /**
   * Starts a command on a terminal of its own, 80 characters wide: {@link #pressCtrlC} types, and
   * {@link #out} is what it shows. Its process, the first of a group, is a child of {@link
   * #process}.
   */
  public static Command onTerminal(Path folder, String name, String... args) throws IOException {
    List<String> options =
        List.of("-Dsessionizer.terminals=stdout,stderr", "-Dsessionizer.columns=80");
    String line =
        java(folder, options, name, args).stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" ", "exec ", ""));
    return start(folder, name, List.of("script", "-qefc", line, "/dev/null"));
  }

  private static List<String> java(
      Path folder, List<String> javaOptions, String name, String... args) throws IOException {
    List<String> options = new ArrayList<>(SharedClasses.options());
    options.addAll(javaOptions);
    return java(folder, options, List.of("-jar", SharedClasses.JAR.toString()), name, args);
  }

  private static List<String> java(
      Path folder, List<String> javaOptions, List<String> program, String name, String... args) {
    List<String> line = new ArrayList<>(JAVA);
    line.addAll(javaOptions);
    line.add("-Djava.io.tmpdir=" + folder);
    line.addAll(program);
    line.add(name);
    line.addAll(List.of(args));
    return line;
  }

  private static Command start(Path folder, String name, List<String> java) throws IOException {
    List<String> line = new ArrayList<>(WITH_DEFAULT_SIGNALS);
    line.addAll(java);
    Path out = Files.createTempFile(folder, name, ".out");
    Path err = Files.createTempFile(folder, name, ".err");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("LC_ALL", "C"); // output is UTF-8 all the same
    builder.environment().put("TERM", "xterm");
    builder.environment().put("SHELL", "/bin/sh"); // for script
    return new Command(builder.start(), out, err);
  }

  /** Returns the launcher beside the jar as it is, so that it builds nothing. */
  public static Path launcher(Path folder) throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    Files.createDirectories(home.resolve("src/main"));
    Files.createFile(home.resolve("pom.xml"));
    Files.createFile(home.resolve("src/pom.xml"));
    Path target = Files.createDirectory(home.resolve("target"));
    Files.createSymbolicLink(target.resolve("lib"), SharedClasses.JAR.resolveSibling("lib"));
    Path jar = Files.copy(SharedClasses.JAR, target.resolve("sessionizer.jar"));
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
    return Files.copy(Path.of("sessionizer"), home.resolve("sessionizer"));
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
    kill(name, process.pid());
  }

  /** Sends a signal to all processes of a command on a terminal, as timeout and systemd do. */
  public void signalGroup(String name) throws IOException, InterruptedException {
    kill(name, -process.children().findFirst().orElseThrow().pid());
  }

  private static void kill(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, "--", String.valueOf(pid)).start().waitFor();
  }

  /** Presses Ctrl-C on the terminal. */
  public void pressCtrlC() throws IOException {
    process.getOutputStream().write('\3');
    process.getOutputStream().flush();
  }

  /** Waits until the command has printed a text, as a user would. */
  public void awaitErr(String text, int seconds) throws IOException, InterruptedException {
    await(errFile, text, seconds);
  }

  /** Waits until the terminal shows something. */
  public void awaitShown(String text, int seconds) throws IOException, InterruptedException {
    await(outFile, text, seconds);
  }

  private void await(Path file, String text, int seconds) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!Files.readString(file).contains(text)) {
      assertTrue(process.isAlive() && System.nanoTime() < deadline, Files.readString(file));
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
