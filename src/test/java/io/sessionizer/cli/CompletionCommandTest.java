package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
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

/** The completion script in a real bash. */
class CompletionCommandTest {
  /** The steps of bash when tab is pressed behind the last word. */
  private static final String PRESS_TAB =
      """
      source "$1"
      shift
      COMP_WORDS=(sessionizer "$@")
      COMP_CWORD=$#
      _sessionizer
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  @TempDir private Path folder;
  private Path script;

  @BeforeEach
  void print() throws Exception {
    StringWriter out = new StringWriter();
    Sessionizer.commandLine().setOut(new PrintWriter(out, true)).execute("completion");
    script = Files.writeString(folder.resolve("completion"), out.toString());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          expl,                explain
          t,                   tail
          run --session,       --sessionGap --sessionsTopic
          run --sessionG,      --sessionGap=
          run --dedup,         --deduplicate
          run --con,           --config --consumerConfig
          demo --visits,       --visits --visitsTopic
          explain --sessionG,  --sessionGap=
          explain --maxPages,  ''
          generate --out,      --outOfOrder --output
          """)
  void completesCommandsAndFlags(String line, String expected) throws Exception {
    assertEquals(expected, String.join(" ", complete(line.split(" ", -1))));
  }

  @Test
  void completesEveryFlagOfHelp() throws Exception {
    for (String command : Sessionizer.commandLine().getSubcommands().keySet()) {
      Set<String> missing = new TreeSet<>(CommandLines.flags(command));
      missing.removeAll(complete(command, "--"));
      assertEquals(Set.of(), missing, command);
    }
  }

  private Set<String> complete(String... words) throws Exception {
    List<String> line =
        new ArrayList<>(List.of("bash", "-c", PRESS_TAB, "bash", script.toString()));
    line.addAll(List.of(words));
    Process bash = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, bash.waitFor(), out);
    return new TreeSet<>(out.lines().toList());
  }
}
