package io.sessionizer.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The groups of flags in the help of each command. */
final class HelpGroups {
  /** The group of the flags that no other one names. */
  private static final String OTHERS = "Flags";

  /** The group of the flags that every command has. */
  static final String GENERAL = "General";

  private static final String CONFIG = "--config";

  /** The flags of every command, and the one that stands for others. */
  private static final Set<String> OF_ALL_COMMANDS = Set.of(CONFIG, "--help", "--all", "--version");

  /** Names of flags, without dashes, by the title of their group, for the commands' own flags. */
  private static final Map<String, Map<String, String>> OWN =
      Map.ofEntries(
          Map.entry("demo", groups("Demo", "visits seed forever watch")),
          Map.entry(
              "inspect",
              groups(
                  "Kafka", "bootstrapServers clientConfig visitsTopic",
                  "Files", "input",
                  "Inspection", "last hideValues output")),
          Map.entry("broker", groups("Broker", "port dataDir")),
          Map.entry(
              "generate",
              groups(
                  "Destination", "bootstrapServers clientConfig topic output",
                  "Visits", "visits visitors rate startTime seed",
                  "Traffic mix, in percent of all records",
                      "outOfOrder late duplicates malformed")),
          Map.entry(
              "produce",
              groups(
                  "Kafka", "bootstrapServers clientConfig topic", "Records", "input visitFormat")),
          Map.entry(
              "tail",
              groups(
                  "Kafka", "bootstrapServers clientConfig topic",
                  "Records", "fromEnd noFollow")),
          Map.entry("watch", groups("Web page", "port host anyoneMayRead last")),
          Map.entry("report", groups("Report", "output input")),
          Map.entry("explain", groups("Files", "input sessions")),
          Map.entry("verify", groups("Verification", "input sessions since until")),
          Map.entry("topics", groups("Topics", "dryRun partitions replicationFactor")),
          Map.entry(
              "bench",
              groups(
                  "Measurement",
                      "workload contender visits archives acceptance rate seed repeats timeout"
                          + " skipHeap micro",
                  "Contenders", "parallelism heap allowedLateness jar flag",
                  "Results", "output")));

  private static final Map<String, String> JOB =
      groups(
          "Input and output",
          "input output outputFormat deadLetters seam openVisits bootstrapServers visitsTopic visitFormat sessionsTopic lateVisitsTopic"
              + " deadLettersTopic consumerConfig producerConfig",
          "Format of the visits",
          "visitIdField eventTimeField eventTimeFormat eventTimeZone userIdField"
              + " pageField eventIdField sequenceField missing where recordFormat columns recordField jsonText",
          "Sessions",
          "sessionGap timeZone engine deduplicate maxSessionDuration maxPagesPerSession"
              + " maxSessionBytes splitOn endOn splitAtMidnight attribute",
          "Private visits",
          "privateVisits privateField privateFields pseudonymKey",
          "Late and rejected visits",
          "allowedLateness maxOutOfOrderness idleAfter maxFutureSkew maxRecordBytes",
          "Start and stop",
          "startFrom rewind takeOver stopWhenDrained",
          "Where it runs, and metrics",
          "runner flinkMaster sparkMaster parallelism checkpointingInterval savepointPath jobName"
              + " project region tempLocation update metricsPort metricsHost");

  /** The job's flags that {@code --help} shows; of other flags it shows all. */
  private static final Map<String, String> COMMON =
      Map.of(
          "run",
              "input output bootstrapServers visitsTopic sessionsTopic visitFormat"
                  + " sessionGap timeZone engine"
                  + " allowedLateness startFrom stopWhenDrained runner flinkMaster"
                  + " metricsPort",
          "demo", "sessionGap timeZone engine allowedLateness runner",
          "watch",
              "bootstrapServers visitsTopic sessionsTopic consumerConfig sessionGap engine"
                  + " allowedLateness maxOutOfOrderness",
          "topics",
              "bootstrapServers visitsTopic sessionsTopic lateVisitsTopic deadLettersTopic"
                  + " consumerConfig producerConfig engine maxSessionBytes maxRecordBytes",
          "report", "bootstrapServers visitsTopic sessionsTopic consumerConfig sessionGap timeZone",
          "verify",
              "bootstrapServers visitsTopic sessionsTopic lateVisitsTopic deadLettersTopic"
                  + " consumerConfig sessionGap timeZone engine allowedLateness maxOutOfOrderness",
          "explain",
              "openVisits bootstrapServers visitsTopic sessionsTopic consumerConfig sessionGap"
                  + " timeZone engine allowedLateness maxOutOfOrderness startFrom");

  private HelpGroups() {}

  private static Map<String, String> groups(String... titlesAndNames) {
    Map<String, String> groups = new LinkedHashMap<>();
    for (int i = 0; i < titlesAndNames.length; i += 2) {
      groups.put(titlesAndNames[i], titlesAndNames[i + 1]);
    }
    return groups;
  }

  /** Returns the groups of a command, each of its flags in one of them. */
  static List<FlagGroup> of(CommandSpec command) {
    Map<String, FlagHelp> own = new TreeMap<>();
    Map<String, FlagHelp> general = new LinkedHashMap<>();
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        String name = option.longestName();
        (OF_ALL_COMMANDS.contains(name) ? general : own).put(name, FlagHelp.of(option));
      }
    }
    List<FlagGroup> groups = new ArrayList<>();
    OWN.getOrDefault(command.name(), Map.of())
        .forEach((title, names) -> groups.add(group(title, names, own, Set.of())));
    groups.stream().flatMap(group -> group.all().stream()).forEach(f -> own.remove(f.name()));
    if (!own.isEmpty()) {
      groups.add(0, new FlagGroup(OTHERS, List.copyOf(own.values()), List.copyOf(own.values())));
    }
    if (FlagWords.hasJobFlags(command)) {
      Map<String, FlagHelp> job = JobFlags.documented();
      command.options().forEach(option -> job.remove(option.longestName()));
      Set<String> less = less(command.name(), job.keySet());
      JOB.forEach((title, names) -> groups.add(group(title, names, job, less)));
    }
    groups.add(
        new FlagGroup(
            GENERAL,
            List.copyOf(general.values()),
            general.values().stream().filter(flag -> flag.name().equals(CONFIG)).toList()));
    return groups;
  }

  private static Set<String> less(String command, Set<String> job) {
    Set<String> common = names(COMMON.getOrDefault(command, "")).collect(Collectors.toSet());
    return job.stream().filter(name -> !common.contains(name)).collect(Collectors.toSet());
  }

  private static FlagGroup group(
      String title, String names, Map<String, FlagHelp> flags, Set<String> less) {
    List<FlagHelp> all =
        names(names)
            .filter(flags::containsKey)
            .map(name -> Objects.requireNonNull(flags.get(name), "filtered"))
            .toList();
    return new FlagGroup(
        title, all, all.stream().filter(flag -> !less.contains(flag.name())).toList());
  }

  private static Stream<String> names(String names) {
    return Arrays.stream(names.split(" ")).map(name -> "--" + name);
  }
}
