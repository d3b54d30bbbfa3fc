package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, in a repository and with a JDK and a Maven that are scripts. */
class LauncherTest {
  private static final String MAVEN =
      """
      #!/bin/sh
      mkdir -p target
      case "$*" in
        *-Pdataflow*) touch target/sessionizer-dataflow.jar ;;
        *-Pspark*) mkdir -p target/spark; touch target/spark/sessionizer-spark.jar ;;
        *withoutFlinkJar=false*) touch target/sessionizer.jar target/sessionizer-flink.jar ;;
        *) touch target/sessionizer.jar ;;
      esac
      """;

  private static final String BUILDING =
      """
      sessionizer: building the jar; the first time Maven downloads about 315 MB ...
      """;

  private static final String SAVING =
      """
      sessionizer: making a class-data archive, so that commands start faster ...
      """;

  @TempDir private Path folder;
  private Path home;
  private Path jdk;
  private Path launcher;

  @BeforeEach
  void makeRepository() throws IOException {
    home = Files.createDirectories(folder.resolve("a repository"));
    jdk = folder.resolve("a jdk");
    launcher = Files.copy(Path.of("sessionizer"), home.resolve("sessionizer"));
    Files.createDirectories(home.resolve("src/main"));
    Files.createFile(home.resolve("pom.xml"));
    Files.createFile(home.resolve("src/pom.xml"));
    javaOfVersion("17.0.15");
    script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    script(folder.resolve("bin/mvn"), MAVEN);
  }

  @Test
  void buildsOnceAndStartsFromAnywhere() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), launcher);
    ScriptOutput first = launch(link, "run", "--jobName=two words");
    String started = first.out();
    assertEquals(BUILDING + SAVING, first.err());
    assertTrue(
        started.endsWith("[-jar] [%s] [run] [--jobName=two words]\n".formatted(jar())), started);
    assertFalse(started.contains("unsafe"), started);
    assertEquals(new ScriptOutput(0, started, ""), launch(link, "run", "--jobName=two words"));
  }

  @Test
  void helpOfBenchmarkNeedsNoOtherBuild() throws Exception {
    ScriptOutput output = launch(launcher, "bench", "--help");
    assertTrue(output.out().endsWith("[-jar] [%s] [bench] [--help]\n".formatted(jar())));
    assertEquals(BUILDING + SAVING, output.err());
  }

  @Test
  void silencesWarningsOfNewerJava() throws Exception {
    javaOfVersion("25.0.1");
    String started = launch(launcher, "demo").out();
    assertTrue(
        started.contains(
            "[--enable-native-access=ALL-UNNAMED] [--sun-misc-unsafe-memory-access=allow]"),
        started);
  }

  @Test
  void namesOlderJava() throws Exception {
    javaOfVersion("11.0.2");
    assertEquals(
        failure("%s/bin/java is version 11: install a JDK 17 or newer, or set JAVA_HOME to one."),
        launch(launcher, "demo"));
  }

  @Test
  void namesJavaHomeWithoutJava() throws Exception {
    Files.delete(jdk.resolve("bin/java"));
    assertEquals(
        failure("JAVA_HOME=%s has no bin/java: set it to a JDK 17 or newer, or unset it."),
        launch(launcher, "demo"));
  }

  @Test
  void namesFailingJavaWithMessage() throws Exception {
    script(jdk.resolve("bin/java"), "#!/bin/sh\necho Unrecognized option: -x >&2\nexit 1\n");
    assertEquals(
        failure("%s/bin/java does not run: Unrecognized option: -x"), launch(launcher, "demo"));
  }

  @Test
  void namesJavaWithoutCompiler() throws Exception {
    Files.delete(jdk.resolve("bin/javac"));
    assertEquals(
        failure(
            "%s/bin/java has no compiler beside it: install a JDK 17 or newer, not only a JRE."),
        launch(launcher, "demo"));
  }

  @Test
  void namesUnwritableFolder() throws Exception {
    Files.createFile(home.resolve("target")); // also to root
    assertEquals(
        new ScriptOutput(
            3,
            "",
            "sessionizer: cannot build the jar in %s: File exists. Make it writable, or use a clone of your own.\n"
                .formatted(home.resolve("target"))),
        launch(launcher, "demo"));
  }

  @Test
  void failedBuildLeavesNoJar() throws Exception {
    script(folder.resolve("bin/mvn"), MAVEN + "echo '[ERROR] no network'\nexit 1\n");
    assertEquals(
        BUILDING
            + """
        [ERROR] no network
        sessionizer: the build failed; all of its output is in %s/target/build.log
        """
                .formatted(home),
        launch(launcher, "demo").err());
    assertFalse(Files.exists(jar()));
  }

  @Test
  void interruptedBuildLeavesNoJar() throws Exception {
    script(folder.resolve("bin/mvn"), MAVEN + "kill -TERM $PPID\n");
    assertNotEquals(0, launch(launcher, "demo").exitCode());
    assertFalse(Files.exists(jar()));
  }

  /** Java has archives of its classes. */
  @Nested
  class Archives {
    private Path saved;

    @BeforeEach
    void buildJar() throws Exception {
      saved = home.resolve("target/class-data");
      launch(launcher, "demo");
    }

    @Test
    void commandsAndBrokersUseIt() throws Exception {
      assertStartsWith("-XX:SharedArchiveFile=", "[-Xlog:cds*=off] ");
    }

    @Test
    void newerJavaUsesCacheOfItsOwn() throws Exception {
      javaOfVersion("25.0.1");
      assertStartsWith("-XX:AOTCache=", "[-Xlog:cds*=off,aot*=off] ");
    }

    @Test
    void nothingElseIsLeftBehind() throws Exception {
      assertEquals(List.of("class-data"), left());
      assertEquals(List.of("broker", "command", "sizes"), names(saved));
    }

    @Test
    void anotherBuildReplacesIt() throws Exception {
      Files.writeString(saved.resolve("command"), "old");
      Files.delete(jar());
      assertEquals(BUILDING + SAVING, launch(launcher, "demo").err());
      assertUsed(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"command", "broker", "sizes"})
    void incompleteFilesAreIgnored(String name) throws Exception {
      Files.writeString(saved.resolve(name), "");
      assertUsed(false);
      Files.delete(saved.resolve(name));
      assertUsed(false);
    }

    @Test
    void ownOptionsTakePrecedence() throws Exception {
      for (String option :
          List.of("-XX:SharedArchiveFile=own", "-Xmx1g -XX:AOTCache=own", "-Xshare:off")) {
        ScriptOutput output = launch(Map.of("SESSIONIZER_JAVA_OPTS", option), launcher, "demo");
        assertFalse(output.out().contains("class-data"), output.out());
      }
    }

    @Test
    void failureIsOneSentence() throws Exception {
      Files.delete(jar());
      script(jdk.resolve("bin/java"), javaScript("17.0.15", "exit 1"));
      ScriptOutput output = launch(launcher, "demo");
      assertEquals(0, output.exitCode());
      assertEquals(
          BUILDING
              + SAVING
              + "sessionizer: no class-data archive was made, so commands start slower; the output is in "
              + home.resolve("target/class-data.log\n"),
          output.err());
      assertEquals(List.of("class-data.log"), left());
      assertUsed(false);
    }

    @Test
    void interruptLeavesNothingBehind() throws Exception {
      Files.delete(jar());
      script(jdk.resolve("bin/java"), javaScript("17.0.15", "kill -TERM $PPID; sleep 60 & wait"));
      assertNotEquals(0, launch(launcher, "demo").exitCode());
      assertEquals(List.of("class-data.log"), left());
      assertTrue(Files.exists(jar()));
    }

    private void assertStartsWith(String option, String first) throws Exception {
      String out = launch(launcher, "demo").out();
      String options =
          "%s[%s%s] [-Dsessionizer.brokerClassData=%s%s] "
              .formatted(first, option, saved.resolve("command"), option, saved.resolve("broker"));
      assertTrue(out.contains(options), out);
    }

    private void assertUsed(boolean used) throws Exception {
      ScriptOutput output = launch(launcher, "demo");
      assertEquals(used, output.out().contains("class-data"), output.out());
      assertEquals("", output.err());
    }

    private List<String> left() throws IOException {
      return names(home.resolve("target")).stream()
          .filter(name -> name.startsWith("class-data"))
          .toList();
    }

    private static List<String> names(Path folder) throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      }
    }
  }

  /** The folder of a release has the jar, and nothing to build it from. */
  @Nested
  class Release {
    private Path jar;

    @BeforeEach
    void makeRelease() throws IOException {
      home = Files.createDirectories(folder.resolve("a release"));
      launcher = Files.copy(Path.of("sessionizer"), home.resolve("sessionizer"));
      jar = Files.createFile(home.resolve("sessionizer.jar"));
      Files.delete(folder.resolve("bin/mvn"));
      Files.delete(jdk.resolve("bin/javac"));
    }

    @Test
    void startsWithoutMavenAndCompiler() throws Exception {
      ScriptOutput output = launch(launcher, "run");
      assertTrue(output.out().endsWith("[-jar] [%s] [run]\n".formatted(jar)), output.toString());
      assertEquals("", output.err());
    }

    @Test
    void namesWhatNeedsClone() throws Exception {
      assertEquals(
          failure(
              home
                  + "/bench/target/sessionizer-bench.jar is not part of a release: clone the"
                  + " repository, and run this command there."),
          launch(launcher, "bench"));
    }
  }

  /** Java finds out which jar a command needs, here with the classes of this build. */
  @Nested
  class OtherJars {
    private Path config;

    @BeforeEach
    void buildJar() throws Exception {
      config = folder.resolve("job.yaml");
      launch(launcher, "demo");
      javaOfThisBuild();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "runner: DataflowRunner",
          "runner: 'DataflowRunner' # there",
          "\"runner\": \"Dataflow\\x52unner\"",
          "{region: europe-west1, runner: dataflow}",
          "'runner' : >-\n  DataflowRunner",
          "  runner: org.apache.beam.runners.dataflow.DataflowRunner"
        })
    void configFileNamesDataflow(String yaml) throws Exception {
      Files.writeString(config, yaml);
      assertStarts("sessionizer-dataflow.jar", "run", "--config=" + config);
      assertStarts("sessionizer-dataflow.jar", "run", "--config", config.toString());
      assertTrue(exists("checked"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "runner: FlinkRunner\nflinkMaster: host:8081",
          "runner: \"flink\"\nflinkMaster: '[::1]:8081'",
          "{runner: FlinkRunner, flinkMaster: 'host:8081'}"
        })
    void configFileNamesCluster(String yaml) throws Exception {
      Files.writeString(config, yaml);
      assertStarts("sessionizer.jar", "run", "--config=" + config);
      assertTrue(exists("target/sessionizer-flink.jar"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "# runner: DataflowRunner",
          "runner: FlinkRunner\nflinkMaster: \"[local]\"",
          "visitsTopic: |\n  a\n  runner: DataflowRunner",
          "runner: [",
          ""
        })
    void configFileNamesNeither(String yaml) throws Exception {
      Files.writeString(config, yaml);
      assertStarts("sessionizer.jar", "run", "--config=" + config);
      assertStarts("sessionizer.jar", "run", "--config=" + folder.resolve("missing.yaml"));
      assertFalse(exists("target/sessionizer-flink.jar"));
    }

    @Test
    void commandLineOverridesConfigFile() throws Exception {
      Files.writeString(config, "runner: DataflowRunner");
      assertStarts("sessionizer.jar", "run", "--runner=DirectRunner", "--config=" + config);
    }

    @Test
    void valueMayBeNextWord() throws Exception {
      assertStarts("sessionizer-dataflow.jar", "run", "--runner", "DataflowRunner");
      assertStarts("sessionizer-dataflow.jar", "run", "--stopWhenDrained", "--runner", "dataflow");
      assertFalse(exists("target/sessionizer-flink.jar"));
      assertStarts("sessionizer.jar", "run", "--runner", "FlinkRunner", "--flink-master", "a:8081");
      assertTrue(exists("target/sessionizer-flink.jar"));
    }

    @Test
    void flagsNameDataflow() throws Exception {
      assertStarts("sessionizer-dataflow.jar", "run", "--runner=dataflow");
      assertStarts("sessionizer.jar", "demo", "--runner=dataflow");
    }

    @Test
    void flagsNameSpark() throws Exception {
      Files.createDirectories(home.resolve("runners/spark"));
      Files.createFile(home.resolve("runners/spark/pom.xml"));
      Files.createDirectories(home.resolve("runners/spark/spark"));
      Files.createFile(home.resolve("runners/spark/spark/pom.xml"));
      String started = launch(launcher, "run", "--runner=SparkRunner", "--input=a").out();
      String jars = home.resolve("target/spark").toString();
      assertTrue(
          started.endsWith(
              "[-cp] [%s/sessionizer-spark.jar:%s/spark/*] [io.sessionizer.cli.Sessionizer] [run] [--runner=SparkRunner] [--input=a]\n"
                  .formatted(jars, jars)),
          started);
      assertTrue(started.contains("[--add-opens=java.base/sun.nio.ch=ALL-UNNAMED]"), started);
      assertTrue(exists("checked"));
    }

    @Test
    void sparkNeedsOlderJava() throws Exception {
      script(
          jdk.resolve("bin/java"),
          Files.readString(jdk.resolve("bin/java")).replace("17.0.15", "25.0.1"));
      assertEquals(
          failure("Spark 3.5 does not run on %s/bin/java, version 25: set JAVA_HOME to a JDK 17."),
          launch(launcher, "run", "--runner=SparkRunner"));
    }

    @Test
    void flagsNameCluster() throws Exception {
      assertStarts("sessionizer.jar", "demo", "--runner=FlinkRunner", "--flinkMaster=host:8081");
      assertTrue(exists("target/sessionizer-flink.jar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DataflowRunner", "SparkRunner"})
    void badJobIsNotBuiltFor(String runner) throws Exception {
      script(
          jdk.resolve("bin/java"),
          Files.readString(jdk.resolve("bin/java")).replace("touch checked; exit", "exit 2"));
      assertEquals(2, launch(launcher, "run", "--runner=" + runner).exitCode());
      assertFalse(exists("target/sessionizer-dataflow.jar"));
      assertFalse(exists("target/spark/sessionizer-spark.jar"));
    }

    @Test
    void helpNeedsNone() throws Exception {
      assertStarts("sessionizer.jar", "run", "--runner=DataflowRunner", "--help");
    }

    @Test
    void ordinaryCommandsStartOneJava() throws Exception {
      assertStarts("sessionizer.jar", "demo", "--runner=FlinkRunner");
      assertStarts("sessionizer.jar", "run", "--runner=FlinkRunner", "--flinkMaster=[local]");
      assertStarts("sessionizer.jar", "run", "--runner=DirectRunner");
      assertStarts("sessionizer.jar", "run", "--runner", "FlinkRunner", "--flinkMaster", "[local]");
      assertStarts("sessionizer.jar", "watch", "--config=" + config);
      assertFalse(exists("started"));
    }

    private boolean exists(String file) {
      return Files.exists(home.resolve(file));
    }

    private void assertStarts(String jar, String... args) throws Exception {
      String started = launch(launcher, args).out();
      String expected =
          "[-jar] [%s] [%s]\n".formatted(home.resolve("target/" + jar), String.join("] [", args));
      assertTrue(started.endsWith(expected), started);
    }

    private void javaOfThisBuild() throws IOException {
      String classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      script(
          jdk.resolve("bin/java"),
          """
          #!/bin/sh
          cd '%s'
          case "$1 $2" in
            -Dsessionizer.preflight=job*) touch checked; exit ;;
            *" -cp") touch started; shift 3; exec '%s' -cp '%s' "$@" ;;
          esac
          """
                  .formatted(
                      home, Path.of(System.getProperty("java.home"), "bin", "java"), classPath)
              + javaScript("17.0.15"));
    }
  }

  private Path jar() {
    return home.resolve("target/sessionizer.jar");
  }

  private ScriptOutput failure(String message) {
    return new ScriptOutput(3, "", "sessionizer: " + message.formatted(jdk) + "\n");
  }

  private void javaOfVersion(String version) throws IOException {
    script(jdk.resolve("bin/java"), javaScript(version));
  }

  /** Makes an archive, or shows its arguments. */
  private static String javaScript(String version) {
    return javaScript(
        version,
        "for last; do :; done; file=${last#*=}; echo $$ >\"$file\"; echo $$ >\"${file%broker}command\"; exit");
  }

  private static String javaScript(String version, String training) {
    return """
    #!/bin/sh
    if [ "$1" = -version ]; then echo 'openjdk version "%s" 2025-01-01' >&2; exit; fi
    case "$*" in *TrainingRun*) %s ;; esac
    printf '[%%s] ' "$@" | sed 's/ $//'
    echo
    """
        .formatted(version, training);
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
  }

  private ScriptOutput launch(Path command, String... args) throws Exception {
    return launch(Map.of(), command, args);
  }

  private ScriptOutput launch(Map<String, String> variables, Path command, String... args)
      throws Exception {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(args));
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(line).directory(folder.toFile()).redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    environment.put("LC_ALL", "C");
    List.of("SESSIONIZER_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")
        .forEach(environment::remove);
    environment.putAll(variables);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    return new ScriptOutput(exitCode, out, Files.readString(err));
  }

  private record ScriptOutput(int exitCode, String out, String err) {}
}
