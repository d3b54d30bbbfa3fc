package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManCommandTest {
  private String page;

  @BeforeEach
  void print() {
    StringWriter out = new StringWriter();
    Sessionizer.commandLine().setOut(new PrintWriter(out, true)).execute("man");
    page = out.toString();
  }

  @Test
  void containsHelpOfEveryCommand() {
    String text = page.replaceAll("\\\\f[BR]|\\\\&", "").replace("\\-", "-").replace("\\e", "\\");
    for (String command : Sessionizer.commandLine().getSubcommands().keySet()) {
      String help = CommandLines.help(command).strip();
      // The page has the common exit codes once.
      String own =
          command.equals("explain") ? help : help.replaceFirst("(?s)Exit codes:\n.*?(\n\n|$)", "");
      assertTrue(text.contains(own.strip()), () -> own + " is not in " + text);
    }
    assertTrue(text.contains("\nExit codes:\n  0     done\n"), text);
  }

  @Test
  void usesFewMacros() {
    Set<String> macros = new TreeSet<>();
    page.lines()
        .filter(line -> line.matches("[.'].*"))
        .forEach(line -> macros.add(line.split(" ", 2)[0]));
    assertEquals(Set.of(".TH", ".SH", ".SS", ".TP", ".B", ".nf", ".fi"), macros);
  }

  @Test
  void printsFlagsInBold() {
    assertTrue(page.contains("\n  \\fB\\-\\-sessionGap\\fR         inactivity gap"), page);
    assertTrue(page.contains("\n  \\fB\\-h, \\-\\-help\\fR"), page);
  }
}
