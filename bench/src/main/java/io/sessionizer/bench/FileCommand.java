package io.sessionizer.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a contender that reads and writes files is started.
 *
 * @param setup what is the same for all
 * @param input the folder with the files of visits
 * @param folder for the output and scratch files
 */
record FileCommand(Setup setup, Path input, Path folder) {
  /** The maximum heap of the sessionizer, which needs no more for larger inputs. */
  private static final String HEAP = "512m";

  private static final String PEERS = "io.sessionizer.bench.peers.";

  /** Caps that no session of a workload reaches: SQL has none. */
  private static final List<String> WITHOUT_CAPS =
      List.of(
          "--maxSessionDuration=P3650D",
          "--maxPagesPerSession=" + Integer.MAX_VALUE,
          "--maxSessionBytes=" + (32 << 20));

  /** Packages of Java that Spark uses, as its own scripts open them. */
  private static final List<String> OPEN_TO_SPARK =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  /** Returns the folder that sessions are written to, which the contender creates. */
  Path output() {
    return folder.resolve("sessions");
  }

  /** Returns the command line. */
  List<String> of(Contender contender) throws IOException {
    return switch (contender) {
      case SESSIONIZER -> sessionizer();
      case DUCKDB ->
          // Its memory is not the heap.
          java(
              List.of("-Xmx128m", "-XX:+UseSerialGC"),
              built("sessionizer-bench.jar") + File.pathSeparator + library("duckdb_jdbc-"),
              PEERS + "DuckDbJob");
      case SPARK_SQL ->
          java(
              sparkOptions(),
              built("../spark/target/sessionizer-bench-spark.jar")
                  + File.pathSeparator
                  + built("../spark/target/lib")
                  + "/*",
              "io.sessionizer.bench.spark.SparkSqlJob");
      case FLOOR ->
          java(
              setup.javaOptions(),
              built("sessionizer-bench.jar") + File.pathSeparator + built("lib") + "/*",
              PEERS + "FileFloorJob");
      default -> throw new IllegalArgumentException(contender + " reads topics");
    };
  }

  /** The launcher has options of its own; a jar of another build is started with the same. */
  private List<String> sessionizer() {
    List<String> command = new ArrayList<>();
    if (setup.jar().equals(setup.home().resolve("target/sessionizer.jar"))) {
      command.addAll(
          List.of(
              "env",
              "--unset=SESSIONIZER_JAVA_OPTS",
              "JDK_JAVA_OPTIONS=-Xmx" + HEAP,
              "" + setup.home().resolve("sessionizer")));
    } else {
      command.add(javaCommand());
      command.addAll(setup.javaOptions());
      command.addAll(List.of("-Xmx" + HEAP, "-jar", "" + setup.jar()));
    }
    command.add("run");
    command.add("--input=" + input.resolve("*"));
    command.add("--output=" + output());
    command.addAll(WITHOUT_CAPS);
    command.addAll(setup.flags());
    return command;
  }

  private List<String> sparkOptions() {
    List<String> options = new ArrayList<>(setup.javaOptions());
    OPEN_TO_SPARK.forEach(
        opened -> options.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED"));
    return options;
  }

  private List<String> java(List<String> options, String classPath, String main) {
    List<String> command = new ArrayList<>();
    command.add(javaCommand());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.add("input=" + input);
    command.add("output=" + output());
    command.add("scratch=" + folder.resolve("scratch"));
    command.add("parallelism=" + setup.parallelism());
    return command;
  }

  private static String javaCommand() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private Path built(String name) {
    return setup.home().resolve("bench/target").resolve(name).normalize();
  }

  private Path library(String start) throws IOException {
    try (Stream<Path> all = Files.list(built("lib"))) {
      return all.filter(jar -> jar.getFileName().toString().startsWith(start))
          .findAny()
          .orElseThrow(() -> new IOException(built("lib") + " has no " + start + "*.jar"));
    }
  }
}
