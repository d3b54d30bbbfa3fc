package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion script in a real bash. */
class CompletionCommandTest {
  /** The steps of bash when tab is pressed behind the last word. */
  private static final String PRESS_TAB =
      """
      source "$1"
      cd "$2"
      shift 2
      COMP_WORDS=(sessionizer "$@")
      COMP_CWORD=$#
      _sessionizer
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  @TempDir private Path folder;
  private Path script;

  @BeforeEach
  void print() throws Exception {
    script = Files.writeString(folder.resolve("completion"), CommandLines.out("completion"));
    Files.createFile(folder.resolve("client.properties"));
    Files.createFile(folder.resolve("climate"));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          expl,                   explain
          t,                      tail topics
          topics --visitsT,       --visitsTopic=
          topics --rep,           --replicationFactor=
          run --session,          --sessionGap= --sessionsTopic=
          run --sessionG,         --sessionGap=
          run --dedup,            --deduplicate
          run --con,              --config= --consumerConfig=
          demo --visits,          --visits= --visitsTopic=
          demo --wat,             --watch
          explain --sessionG,     --sessionGap=
          generate --out,         --outOfOrder= --output=
          bench --w,              --workload=
          form,                   formats
          formats sn,             snowplow-json snowplow-tsv
          formats --h,            --help
          """)
  void completesCommandsAndFlags(String line, String expected) throws Exception {
    assertEquals(expected, String.join(" ", complete(line.split(" ", -1))));
  }

  /** Bash splits words at the equals sign. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          run --engine = w,                      windows
          run --engine =,                        stateful windows
          run --runner = Fl,                     FlinkRunner
          run --visitFormat = cl,                cloudfront
          run --startFrom = e,                   earliest
          run --stopWhenDrained = f,             false
          run --timeZone = Europe/Par,           Europe/Paris
          run --consumerConfig = cli,            client.properties climate
          run --config = cli,                    client.properties climate
          generate --output = clie,              client.properties
          report --input = clie,                 client.properties
          verify --input = clie,                 client.properties
          verify --sessions = clim,              climate
          explain --openVisits = clim,           climate
          bench --workload = c,                  catch-up
          bench --contender = native,            native-heap native-rocksdb
          run --sessionGap = 1,                  ''
          """)
  void completesValuesAfterEqualsSign(String line, String expected) throws Exception {
    assertEquals(expected, String.join(" ", complete(line.split(" ", -1))));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          run --engine=w,                        --engine=windows
          run --consumerConfig=clie,             --consumerConfig=client.properties
          """)
  void completesValuesWhereBashDoesNotSplit(String line, String expected) throws Exception {
    assertEquals(expected, String.join(" ", complete(line.split(" ", -1))));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          run --engine w,                        windows
          run --runner D,                        DataflowRunner DirectRunner
          run --stopWhenDrained --engine st,     stateful
          run --config clie,                     client.properties
          run --engine --dedup,                  --deduplicate
          run --stopWhenDrained f,               ''
          """)
  void completesValuesInNextWord(String line, String expected) throws Exception {
    assertEquals(expected, String.join(" ", complete(line.split(" ", -1))));
  }

  @Test
  void completesEveryFlagOfHelp() throws Exception {
    for (String command : CommandLines.commands()) {
      Set<String> expected = new TreeSet<>();
      HelpGroups.of(Sessionizer.subcommand(Sessionizer.commandLine(), command).getCommandSpec())
          .forEach(group -> group.all().forEach(flag -> expected.add(flag.name())));
      Set<String> completed = new TreeSet<>();
      complete(command, "--").forEach(flag -> completed.add(flag.replace("=", "")));
      assertEquals(expected, completed, command);
    }
  }

  /** An interactive bash, which splits the words itself. */
  @ParameterizedTest
  @ValueSource(strings = {"--engine=w", "--engine w"})
  void completesOnTerminal(String typed) throws Exception {
    String input = "source completion\nsessionizer() { echo \"got $*.\"; }\nsessionizer run ";
    Process bash =
        new ProcessBuilder("script", "-qec", "bash --norc --noprofile -i", "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    bash.getOutputStream().write((input + typed + "\t\nexit\n").getBytes(UTF_8));
    bash.getOutputStream().flush();
    String out = new String(bash.getInputStream().readAllBytes(), UTF_8);
    bash.waitFor();
    assertTrue(out.contains("got run " + typed + "indows."), out);
  }

  private Set<String> complete(String... words) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of("bash", "-c", PRESS_TAB, "bash", script.toString(), folder.toString()));
    line.addAll(List.of(words));
    Process bash = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, bash.waitFor(), out);
    return new TreeSet<>(out.lines().toList());
  }
}
