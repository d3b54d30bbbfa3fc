package io.sessionizer.cli;

import java.io.PrintWriter;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Prints the manual page: the help of every command, with the flags in bold. Picocli's own
 * generator writes AsciiDoc, which needs Ruby to become a page, and has no flags of the job.
 */
@Command(
    name = "man",
    description = "Prints the manual page.",
    footer = "./sessionizer man | man -l -")
final class ManCommand implements Runnable {
  /** Titles, and flags at the start of a line; a backslash precedes each dash, which roff needs. */
  private static final Pattern TITLES_AND_FLAGS =
      Pattern.compile("(?m)^( *)((?:\\\\-){2}\\w[\\w\\\\-]*|[A-Z][\\w ]*:$)");

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
    page.append(".SH SYNOPSIS\n").append(preformatted(HelpPage.of(all, false, Ansi.OFF)));
    page.append(".SH COMMANDS\n");
    for (CommandLine command : all.getSubcommands().values()) {
      page.append(".SS ").append(escaped(command.getCommandSpec().qualifiedName())).append('\n');
      page.append(preformatted(HelpPage.of(command, true, Ansi.OFF)));
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
        .TP
        .B TMPDIR
        folder for the pipe of the launcher; default: /tmp
        """);
    return page.toString();
  }

  private static String preformatted(String text) {
    return ".nf\n"
        + TITLES_AND_FLAGS.matcher(escaped(text.strip())).replaceAll("$1\\\\fB$2\\\\fR")
        + "\n.fi\n";
  }

  /** Escapes backslashes, dashes, and dots and quotes at the start of a line, which roff reads. */
  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1");
  }
}
