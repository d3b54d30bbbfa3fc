package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.launch.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The page about flags is made of a template and the command line. After a change of either, {@code
 * mvn test -Dtest=FlagsPageTest -Dsessionizer.write=true} writes it.
 */
class FlagsPageTest {
  private static final Path PAGE = Path.of("docs", "flags.md");
  private static final Path TEMPLATE = Path.of("src", "test", "resources", "pages", "flags.md");
  private static final int COLUMNS = 120;
  private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");
  private static final Pattern FLAG = Pattern.compile("(?<![\\w`-])--[a-zA-Z]+(?:=[\\w./-]+)?");

  @Test
  void pageShowsCommandLine() throws IOException {
    String expected = page();
    if (Boolean.getBoolean("sessionizer.write")) {
      Files.writeString(PAGE, expected);
    }
    assertEquals(
        expected,
        Files.readString(PAGE),
        "mvn test -Dtest=FlagsPageTest -Dsessionizer.write=true writes it");
  }

  @Test
  void fileAndFlagsRunSameJob(@TempDir Path folder) throws Exception {
    String page = Files.readString(PAGE);
    Matcher yaml = YAML.matcher(page);
    assertEquals(true, yaml.find());
    Files.writeString(folder.resolve("job.yaml"), yaml.group(1));
    List<String> commands =
        page.substring(yaml.end())
            .lines()
            .dropWhile(line -> !line.equals("```sh"))
            .skip(1)
            .takeWhile(line -> !line.equals("```"))
            .collect(Collectors.joining("\n"))
            .replaceAll("\\\\\n *", "")
            .lines()
            .map(line -> line.replace("job.yaml", folder.resolve("job.yaml").toString()))
            .toList();
    assertEquals(2, commands.size());
    assertEquals(settings(commands.get(0)), settings(commands.get(1)));
  }

  private static String settings(String command) throws Exception {
    String[] words = command.replaceFirst("\\./sessionizer run ", "").split(" ");
    var settings = Flags.parse(words).settings();
    return settings + " " + settings.consumerConfig() + settings.producerConfig();
  }

  private static String page() throws IOException {
    CommandLine all = Sessionizer.commandLine();
    List<CommandSpec> commands =
        all.getSubcommands().values().stream().map(CommandLine::getCommandSpec).toList();
    return Files.readString(TEMPLATE, UTF_8)
        .replace("{{contents}}", contents(commands))
        .replace(
            "{{commands}}",
            commands.stream().map(FlagsPageTest::section).collect(Collectors.joining()))
        .replace("{{exitCodes}}", exitCodes(all.getCommandSpec(), commands));
  }

  private static String contents(List<CommandSpec> commands) {
    return "| command | |\n| --- | --- |\n"
        + commands.stream()
            .map(
                command ->
                    "| [`%1$s`](#%1$s) | %2$s |"
                        .formatted(command.name(), cell(command.usageMessage().description()[0])))
            .collect(Collectors.joining("\n"));
  }

  private static String section(CommandSpec command) {
    StringBuilder section = new StringBuilder();
    section.append("\n## ").append(command.name()).append("\n\n");
    for (String paragraph : command.usageMessage().description()) {
      section.append(wrapped(withCode(paragraph))).append("\n\n");
    }
    section.append("```text\n").append(HelpPage.synopsis(command)).append("\n```\n\n");
    List<String> shared = new ArrayList<>();
    for (FlagGroup group : HelpGroups.of(command)) {
      boolean isShared = isOfJob(group) || group.title().equals(HelpGroups.GENERAL);
      if (isShared && !command.name().equals("run")) {
        group.common().forEach(flag -> shared.add("`" + flag.name() + "`"));
      } else {
        section.append(table(group)).append("\n\n");
      }
    }
    if (!shared.isEmpty()) {
      section
          .append(
              wrapped(
                  "The flags of [`run`](#run) are accepted as well. Common ones are "
                      + String.join(", ", shared.subList(0, shared.size() - 1))
                      + " and "
                      + shared.get(shared.size() - 1)
                      + "."))
          .append("\n\n");
    }
    section
        .append("```sh\n")
        .append(String.join("\n", HelpPage.examples(command)))
        .append("\n```\n");
    return section.toString();
  }

  private static boolean isOfJob(FlagGroup group) {
    return group.all().stream()
        .allMatch(flag -> flag.equals(JobFlags.documented().get(flag.name())));
  }

  private static String table(FlagGroup group) {
    return "**"
        + group.title()
        + "**\n\n| flag | default | meaning |\n| --- | --- | --- |\n"
        + group.all().stream()
            .map(
                flag ->
                    "| `%s` | %s | %s |"
                        .formatted(
                            cell(flag.usage()), defaultValue(flag), cell(withCode(flag.text()))))
            .collect(Collectors.joining("\n"));
  }

  /** A value is code, a sentence is not. */
  private static String defaultValue(FlagHelp flag) {
    return flag.byDefault().isEmpty() || flag.byDefault().contains(" ")
        ? cell(flag.byDefault())
        : "`" + flag.byDefault() + "`";
  }

  private static String exitCodes(CommandSpec root, List<CommandSpec> commands) {
    Map<Integer, Map<String, List<String>>> codes = new TreeMap<>();
    Map<Integer, String> common = HelpPage.exitCodes(root);
    for (CommandSpec command : commands) {
      HelpPage.exitCodes(command)
          .forEach(
              (code, meaning) ->
                  codes
                      .computeIfAbsent(code, key -> new TreeMap<>())
                      .computeIfAbsent(meaning, key -> new ArrayList<>())
                      .add("`" + command.name() + "`"));
    }
    StringBuilder table = new StringBuilder("| code | meaning |\n| ---: | --- |");
    codes.forEach(
        (code, meanings) -> {
          if (common.containsKey(code)) {
            table.append("\n| %s | %s |".formatted(code, cell(common.get(code))));
          }
          meanings.forEach(
              (meaning, names) -> {
                if (!meaning.equals(common.get(code))) {
                  table.append(
                      "\n| %s | %s: %s |"
                          .formatted(code, String.join(", ", names), cell(withCode(meaning))));
                }
              });
        });
    return table.toString();
  }

  private static String withCode(String text) {
    return FLAG.matcher(text.replaceAll("'(sessionizer [a-z]+)'", "`./$1`"))
        .replaceAll(flag -> "`" + Matcher.quoteReplacement(flag.group()) + "`");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private static String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : Arrays.asList(text.split(" "))) {
      boolean breaks = column + 1 + word.length() > COLUMNS;
      lines.append(column == 0 ? "" : breaks ? "\n" : " ").append(word);
      column = column == 0 || breaks ? word.length() : column + 1 + word.length();
    }
    return lines.toString();
  }
}
