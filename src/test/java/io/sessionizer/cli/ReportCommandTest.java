package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();

  @Test
  void unusableFileExitsWithThree() throws Exception {
    Path missing = folder.resolve("missing.jsonl");
    assertEquals(3, report("--input=" + missing));
    Path input = Files.createFile(folder.resolve("sessions.jsonl"));
    Path output = folder.resolve("missing").resolve("report.html");
    assertEquals(3, report("--input", input.toString(), "--output", output.toString()));
    assertEquals(
        """
        sessionizer: cannot use %s: no such file or folder
        sessionizer: cannot write %s: no such file or folder
        """
            .formatted(missing, output),
        err.toString());
  }

  private int report(String... flags) {
    String[] words = new String[flags.length + 1];
    words[0] = "report";
    System.arraycopy(flags, 0, words, 1, flags.length);
    return Sessionizer.commandLine().setErr(new PrintWriter(err, true)).execute(words);
  }
}
