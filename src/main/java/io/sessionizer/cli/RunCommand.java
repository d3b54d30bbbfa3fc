package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.Flags;
import io.sessionizer.config.SessionizationOptions;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Unmatched;

/** Runs the job. Its flags are Beam's, so Beam reads them; picocli shows them. */
@Command(
    name = "run",
    description = "Sessionizes a Kafka topic of visits, on this machine or a cluster.",
    customSynopsis = "sessionizer run [--name=value ...]",
    footer = {
      "",
      "Every option of Beam and of the runner can be given, too, for example",
      "--jobName=NAME. Where the job runs:",
      "  --runner=DirectRunner                          here (the default)",
      "  --runner=FlinkRunner                           here, on Flink: the fast local mode",
      "  --runner=FlinkRunner --flinkMaster=HOST:PORT   on a Flink cluster",
      "  --runner=DataflowRunner --project=... --region=... --tempLocation=gs://...",
      "                                                 on Google Cloud Dataflow",
      "All problems with flags are reported at once, with exit code 2."
    })
final class RunCommand implements Callable<Integer> {
  private static final int NAME_COLUMNS = 22;
  private static final int TEXT_COLUMNS = 58;
  private static final String FLAGS_SECTION = "flags";

  @Unmatched private List<String> flags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    return SessionizationJob.run(Flags.parse(flags.toArray(String[]::new)));
  }

  /** Lists the job's flags, with defaults, in the command's help. */
  static void describeFlags(CommandLine run) {
    run.getHelpSectionMap().put(FLAGS_SECTION, ours -> table(ours));
    List<String> sections = new ArrayList<>(run.getHelpSectionKeys());
    sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST), FLAGS_SECTION);
    run.setHelpSectionKeys(sections);
  }

  private static String table(Help help) {
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(NAME_COLUMNS, 2, Column.Overflow.SPAN),
            new Column(TEXT_COLUMNS, 1, Column.Overflow.WRAP));
    Arrays.stream(SessionizationOptions.class.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Description.class))
        .sorted(Comparator.comparing(RunCommand::flag))
        .forEach(
            method ->
                table.addRowValues(
                    flag(method),
                    method.getAnnotation(Description.class).value() + defaultValue(method)));
    return "%n%s".formatted(table);
  }

  private static String flag(Method getter) {
    String property = getter.getName().substring("get".length());
    return "--" + Character.toLowerCase(property.charAt(0)) + property.substring(1);
  }

  private static String defaultValue(Method getter) {
    Object value = null;
    if (getter.isAnnotationPresent(Default.String.class)) {
      value = getter.getAnnotation(Default.String.class).value();
    } else if (getter.isAnnotationPresent(Default.Integer.class)) {
      value = getter.getAnnotation(Default.Integer.class).value();
    } else if (getter.isAnnotationPresent(Default.Boolean.class)) {
      value = getter.getAnnotation(Default.Boolean.class).value();
    }
    return value == null ? "" : " [" + value + "]";
  }
}
