package io.sessionizer.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Spec;

/**
 * Prints the manual page: the help of every command, with the flags in bold. Picocli's own
 * generator writes AsciiDoc, which needs Ruby to become a page, and has no flags of the job.
 */
@Command(
    name = "man",
    description = {"Prints the manual page.", "To read it:", "", "  ./sessionizer man | man -l -"})
final class ManCommand implements Runnable {
  /** Flags at the start of a line that is escaped for roff: a backslash precedes each dash. */
  private static final Pattern FLAGS =
      Pattern.compile("(?m)^( +)((?:\\\\-\\w, )?(?:\\\\-){2}\\w[\\w\\\\-]*)(?=[ =,]|$)");

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(page());
    out.flush();
  }

  private static String page() {
    CommandLine all = Sessionizer.commandLine();
    StringBuilder page = new StringBuilder();
    page.append(".TH SESSIONIZER 1\n.SH NAME\nsessionizer \\- ");
    page.append(escaped(all.getCommandSpec().usageMessage().description()[0])).append('\n');
    page.append(".SH SYNOPSIS\n").append(preformatted(all.getUsageMessage(Ansi.OFF)));
    page.append(".SH COMMANDS\n");
    for (CommandLine command : all.getSubcommands().values()) {
      page.append(".SS ").append(escaped(command.getCommandSpec().qualifiedName())).append('\n');
      page.append(preformatted(help(command, all)));
    }
    page.append(
        """
        .SH ENVIRONMENT
        .TP
        .B JAVA_HOME
        home of the Java to use; default: java on the PATH
        .TP
        .B SESSIONIZER_JAVA_OPTS
        options for it, such as \\-Xmx1g
        .TP
        .B NO_COLOR
        disables colours on a terminal
        """);
    return page.toString();
  }

  /** Returns the help of a command, without its exit codes if they are the common ones. */
  private static String help(CommandLine command, CommandLine all) {
    if (Arrays.equals(exitCodes(command), exitCodes(all))) {
      List<String> sections = new ArrayList<>(command.getHelpSectionKeys());
      sections.remove(UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING);
      sections.remove(UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST);
      command.setHelpSectionKeys(sections);
    }
    return command.getUsageMessage(Ansi.OFF);
  }

  private static String[] exitCodes(CommandLine command) {
    return command.getCommandSpec().usageMessage().exitCodeList().values().toArray(String[]::new);
  }

  private static String preformatted(String text) {
    return ".nf\n"
        + FLAGS.matcher(escaped(text.strip())).replaceAll("$1\\\\fB$2\\\\fR")
        + "\n.fi\n";
  }

  /** Escapes backslashes, dashes, and dots and quotes at the start of a line, which roff reads. */
  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1");
  }
}
