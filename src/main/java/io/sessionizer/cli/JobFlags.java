package io.sessionizer.cli;

import io.sessionizer.config.SessionizationOptions;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The job's flags, which are Beam's: Beam reads them, picocli shows them. */
record JobFlags(List<JobFlags.Flag> flags) {
  private static final int NAME_COLUMNS = 22;
  private static final int TEXT_COLUMNS = 58;
  private static final String SECTION = "flags";

  /**
   * One flag.
   *
   * @param name with the dashes
   * @param description with the default
   * @param isSwitch whether it needs no value
   */
  record Flag(String name, String description, boolean isSwitch) {
    private static Flag of(Method getter) {
      String property = getter.getName().substring("get".length());
      return new Flag(
          "--" + Character.toLowerCase(property.charAt(0)) + property.substring(1),
          getter.getAnnotation(Description.class).value() + defaultValue(getter),
          getter.getReturnType() == Boolean.class);
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

  /** All of them, by name. */
  static JobFlags all() {
    return where(flag -> true);
  }

  /** Those with these names. */
  static JobFlags of(String... names) {
    return where(flag -> List.of(names).contains(flag.name()));
  }

  private static JobFlags where(Predicate<Flag> condition) {
    Stream<Flag> all =
        Arrays.stream(SessionizationOptions.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Description.class))
            .map(Flag::of);
    return new JobFlags(all.filter(condition).sorted(Comparator.comparing(Flag::name)).toList());
  }

  /** Lists them, with defaults, in a command's help, before its own. */
  void describeIn(CommandLine command) {
    command.getHelpSectionMap().put(SECTION, this::table);
    List<String> sections = new ArrayList<>(command.getHelpSectionKeys());
    sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST), SECTION);
    command.setHelpSectionKeys(sections);
  }

  private String table(Help help) {
    TextTable table =
        TextTable.forColumns(
            help.colorScheme(),
            new Column(NAME_COLUMNS, 2, Column.Overflow.SPAN),
            new Column(TEXT_COLUMNS, 1, Column.Overflow.WRAP));
    flags.forEach(flag -> table.addRowValues(flag.name(), flag.description()));
    return "%n%s".formatted(table);
  }
}
