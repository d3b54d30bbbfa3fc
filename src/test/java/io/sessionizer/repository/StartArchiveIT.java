package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.SharedClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that the launcher makes with this Java; only Maven is a script, with a jar ready. */
class StartArchiveIT {
  private static final String USED = " source: shared objects file";

  @TempDir private static Path folder;
  private static Path launcher;
  private static Path jar;
  private static Path classData;
  private static Output expected;

  @TempDir private Path scratch;

  @BeforeAll
  static void build() throws Exception {
    Path home = Files.createDirectory(folder.resolve("repository"));
    launcher = Files.copy(Path.of("sessionizer"), home.resolve("sessionizer"));
    Files.createDirectories(home.resolve("src/main"));
    Files.createFile(home.resolve("pom.xml"));
    Files.createFile(home.resolve("src/pom.xml"));
    Path target = Files.createDirectory(home.resolve("target"));
    Files.createSymbolicLink(target.resolve("lib"), SharedClasses.JAR.resolveSibling("lib"));
    jar = target.resolve("sessionizer.jar");
    classData = target.resolve("class-data");
    Path maven = Files.createDirectory(folder.resolve("bin")).resolve("mvn");
    Files.writeString(maven, "#!/bin/sh\ncp '%s' target/\n".formatted(SharedClasses.JAR));
    assertTrue(maven.toFile().setExecutable(true));
    Output output = launch(folder, "", "--version");
    assertTrue(output.err().endsWith("so that commands start faster ...\n"), output.err());
    assertTrue(Files.exists(classData), output.err());
    expected = generate(folder, "-Xshare:off");
    assertEquals(0, expected.exitCode(), expected.err());
    assertEquals(3, expected.out().lines().count());
    assertEquals("3 records written\n", expected.err());
  }

  @Test
  void commandAndBrokerUseIt() throws Exception {
    Path command = scratch.resolve("command");
    Path broker = scratch.resolve("broker");
    Output output =
        launch(
            scratch,
            "-Xlog:class+load:file=%s -Dsessionizer.brokerOptions=-Xlog:class+load:file=%s"
                .formatted(command, broker),
            "demo",
            "--visits=10");
    assertEquals(0, output.exitCode(), output.err());
    assertFromClassData(command, "io.sessionizer.cli.Sessionizer");
    assertFromClassData(broker, "io.sessionizer.broker.BrokerMain");
  }

  @Test
  void isIgnoredWhenJarHasChanged() throws Exception {
    FileTime time = Files.getLastModifiedTime(jar);
    try {
      Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
      assertIgnored();
    } finally {
      Files.setLastModifiedTime(jar, time);
    }
  }

  @Test
  void isIgnoredWhenCutOff() throws Exception {
    Path command = classData.resolve("command");
    byte[] whole = Files.readAllBytes(command);
    for (int size : List.of(0, 100, whole.length / 2, whole.length - 1)) {
      replace(command, Arrays.copyOf(whole, size));
      try {
        assertIgnored();
      } finally {
        replace(command, whole);
      }
    }
  }

  @Test
  void isIgnoredWhenOfAnotherJava() throws Exception {
    Path command = classData.resolve("command");
    byte[] whole = Files.readAllBytes(command);
    byte[] other = whole.clone();
    // Its header: magic number, checksum, version.
    Arrays.fill(other, 0, 12, (byte) 1);
    replace(command, other);
    try {
      assertIgnored();
    } finally {
      replace(command, whole);
    }
  }

  private void assertIgnored() throws Exception {
    Path log = scratch.resolve("log");
    assertEquals(expected, generate(scratch, "-Xmx256m -Xlog:class+load:file=" + log));
    String loaded = Files.readString(log);
    assertFalse(loaded.contains("io.sessionizer.cli.Sessionizer" + USED), loaded);
  }

  private static void assertFromClassData(Path log, String name) throws IOException {
    String loaded = Files.readString(log);
    assertTrue(loaded.contains(name + USED), loaded);
  }

  private static Output generate(Path folder, String javaOptions) throws Exception {
    Output output = launch(folder, javaOptions, "generate", "--visits=3", "--output=-");
    String withoutTime = output.err().replaceFirst(" in .* malformed\n", "\n");
    return new Output(output.exitCode(), output.out(), withoutTime);
  }

  /** The old file may be mapped into the memory of a process. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.delete(file);
    Files.write(file, bytes);
  }

  private static Output launch(Path folder, String javaOptions, String... args) throws Exception {
    List<String> line = new ArrayList<>(List.of(launcher.toString()));
    line.addAll(List.of(args));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PATH", launcher.resolveSibling("../bin") + ":" + environment.get("PATH"));
    environment.put("SESSIONIZER_JAVA_OPTS", javaOptions);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(300, TimeUnit.SECONDS), "still running");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    }
    return new Output(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private record Output(int exitCode, String out, String err) {}
}
