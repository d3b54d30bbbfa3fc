package io.sessionizer.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Archives of the classes of a command and of its broker. Java maps them into memory, where it
 * would read, check and link each class anew in each of the hundred processes that tests start.
 */
public final class SharedClasses {
  /** What the build has made, beside its libraries. */
  public static final Path JAR = Path.of("target", "sessionizer.jar").toAbsolutePath();

  private static final Path FOLDER = Path.of("target", "shared-classes").toAbsolutePath();

  /** Says of which jar the archives are; written when they are complete. */
  private static final Path COMPLETE = FOLDER.resolve("of");

  private SharedClasses() {}

  /** Returns options of Java for a command that is started from {@link #JAR}, and its broker. */
  public static List<String> options() throws IOException {
    return areMade() ? options("-XX:SharedArchiveFile=") : List.of();
  }

  private static List<String> options(String archive) {
    return List.of(
        archive + FOLDER.resolve("command"),
        "-Dsessionizer.brokerOptions="
            + System.getProperty("sessionizer.brokerOptions", "")
            + " "
            + archive
            + FOLDER.resolve("broker"));
  }

  /** Whether the archives are there; makes them, unless another process is doing so. */
  private static synchronized boolean areMade() throws IOException {
    String jar = JAR + " " + Files.getLastModifiedTime(JAR);
    if (isComplete(jar)) {
      return true;
    }
    Files.createDirectories(FOLDER);
    Path lock = FOLDER.resolve("lock");
    try (FileChannel file =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock mine = file.tryLock()) {
      if (mine == null) {
        return false;
      }
      if (!isComplete(jar)) {
        make();
        Files.writeString(COMPLETE, jar);
      }
      return true;
    }
  }

  private static boolean isComplete(String jar) throws IOException {
    return Files.exists(COMPLETE) && Files.readString(COMPLETE).equals(jar);
  }

  /** Has Java write down what a demo on Flink has loaded when it ends. */
  private static void make() throws IOException {
    Files.deleteIfExists(COMPLETE);
    List<String> line = new ArrayList<>(Command.JAVA);
    line.addAll(options("-XX:ArchiveClassesAtExit="));
    line.addAll(List.of("-jar", JAR.toString(), "demo", "--visits=100", "--runner=FlinkRunner"));
    new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(FOLDER.resolve("log").toFile())
        .start()
        .onExit()
        .join();
  }
}
