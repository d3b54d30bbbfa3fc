package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManCommandTest {
  private String page;

  @BeforeEach
  void print() {
    page = CommandLines.out("man");
  }

  @Test
  void containsHelpOfEveryCommand() {
    String text = page.replaceAll("\\\\f[BR]|\\\\&", "").replace("\\-", "-").replace("\\e", "\\");
    for (String command : CommandLines.commands()) {
      String help = CommandLines.help(command, "--all").strip();
      assertTrue(text.contains(help), () -> help + " is not in " + text);
    }
    assertTrue(text.contains(CommandLines.out("--help").strip()), text);
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
  void printsTitlesAndFlagsInBold() {
    assertTrue(page.contains("\n  \\fB\\-\\-sessionGap\\fR=DURATION "), page);
    assertTrue(page.contains("\n  \\fB\\-\\-help\\fR "), page);
    assertTrue(page.contains("\n\\fBInput and output:\\fR\n"), page);
  }
}
