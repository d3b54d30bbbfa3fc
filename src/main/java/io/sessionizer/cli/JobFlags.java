package io.sessionizer.cli;

import io.sessionizer.config.RegisteredFlags;
import io.sessionizer.config.SessionizationOptions;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Hidden;

/** The help of the job's flags, which Beam reads: ours, and those of Beam and the runners. */
final class JobFlags {
  private static final Pattern RUNNER = Pattern.compile("org\\.apache\\.beam\\.runners\\.(\\w+)");

  /** A word that fits no line, such as an address. */
  private static final Pattern TOO_WIDE = Pattern.compile("\\S{40,}");

  /** What the description of a flag of ours says if its value is a duration. */
  private static final Pattern IS_DURATION = Pattern.compile(" \\(a duration[^)]*\\)");

  private static final Map<String, String> LABELS =
      Map.ofEntries(
          Map.entry("--bootstrapServers", "HOST:PORT"),
          Map.entry("--input", "GLOB"),
          Map.entry("--output", "DIR"),
          Map.entry("--outputFormat", "FORMAT"),
          Map.entry("--deadLetters", "FILE"),
          Map.entry("--seam", "TIME"),
          Map.entry("--openVisits", "DIR"),
          Map.entry("--visitsTopic", "TOPIC"),
          Map.entry("--visitFormat", "NAME"),
          Map.entry("--recordFormat", "FORMAT"),
          Map.entry("--columns", "NAMES"),
          Map.entry("--recordField", "FIELD"),
          Map.entry("--jsonText", "FIELD"),
          Map.entry("--where", "CONDITION"),
          Map.entry("--visitIdField", "FIELD"),
          Map.entry("--eventTimeField", "FIELD"),
          Map.entry("--eventTimeFormat", "FORMAT"),
          Map.entry("--eventTimeZone", "ZONE"),
          Map.entry("--userIdField", "FIELD"),
          Map.entry("--pageField", "FIELD"),
          Map.entry("--eventIdField", "FIELD"),
          Map.entry("--sequenceField", "FIELD"),
          Map.entry("--missing", "TEXT"),
          Map.entry("--sessionsTopic", "TOPIC"),
          Map.entry("--lateVisitsTopic", "TOPIC"),
          Map.entry("--deadLettersTopic", "TOPIC"),
          Map.entry("--engine", "ENGINE"),
          Map.entry("--maxPagesPerSession", "COUNT"),
          Map.entry("--maxSessionBytes", "BYTES"),
          Map.entry("--maxRecordBytes", "BYTES"),
          Map.entry("--timeZone", "ZONE"),
          Map.entry("--privateVisits", "WHAT"),
          Map.entry("--privateField", "FIELD"),
          Map.entry("--privateFields", "FIELD"),
          Map.entry("--pseudonymKey", "REFERENCE"),
          Map.entry("--splitOn", "FIELD"),
          Map.entry("--endOn", "FIELD=VALUE"),
          Map.entry("--attribute", "NAME=EXPRESSION"),
          Map.entry("--startFrom", "START"),
          Map.entry("--metricsPort", "PORT"),
          Map.entry("--metricsHost", "ADDRESS"),
          Map.entry("--consumerConfig", "FILE"),
          Map.entry("--producerConfig", "FILE"));

  /** Beam's flags for where a job runs, in our words. */
  private static final List<FlagHelp> WHERE_IT_RUNS =
      List.of(
          FlagHelp.of(
              "--runner",
              "RUNNER",
              "DirectRunner, FlinkRunner, SparkRunner or DataflowRunner [DirectRunner]"),
          FlagHelp.of(
              "--flinkMaster",
              "HOST:PORT",
              "Flink cluster to run on. Without it, FlinkRunner runs in this process"),
          FlagHelp.of(
              "--parallelism",
              "COUNT",
              "parallel subtasks of each step on Flink. In this process, the default is the number"
                  + " of cores, at most 8; on a cluster, one subtask per partition, if there are as"
                  + " many free slots"),
          FlagHelp.of(
              "--checkpointingInterval",
              "MILLIS",
              "milliseconds between two checkpoints on Flink. -1 disables checkpoints [10000]"),
          FlagHelp.of(
              "--savepointPath",
              "PATH",
              "savepoint or checkpoint that a job on Flink resumes from"),
          FlagHelp.of("--jobName", "NAME", "name of the job on a cluster [sessionizer]"),
          FlagHelp.of(
              "--sparkMaster",
              "MASTER",
              "Spark to run on, for files: spark://HOST:PORT, or local[THREADS]. Without it,"
                  + " SparkRunner runs in this process"),
          FlagHelp.of("--project", "ID", "Google Cloud project of a job on Dataflow"),
          FlagHelp.of(
              "--region", "REGION", "region of a job on Dataflow, for example europe-west1"),
          FlagHelp.of(
              "--tempLocation",
              "gs://BUCKET/FOLDER",
              "Cloud Storage folder for the temporary files of a job on Dataflow"),
          FlagHelp.of("--update", "", "replace the running job of this name on Dataflow"));

  private JobFlags() {}

  /** Returns the flags of {@link SessionizationOptions}, and Beam's for where a job runs. */
  static Map<String, FlagHelp> documented() {
    return Stream.concat(
            Arrays.stream(SessionizationOptions.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Description.class))
                .map(JobFlags::ours),
            WHERE_IT_RUNS.stream())
        .collect(Collectors.toMap(FlagHelp::name, Function.identity(), (a, b) -> a, TreeMap::new));
  }

  private static FlagHelp ours(Method getter) {
    String property = getter.getName().substring("get".length());
    String name = "--" + property.substring(0, 1).toLowerCase(Locale.ROOT) + property.substring(1);
    String description = getter.getAnnotation(Description.class).value();
    boolean isSwitch = getter.getReturnType() == Boolean.class;
    Matcher duration = IS_DURATION.matcher(description);
    String label =
        duration.find() ? FlagHelp.DURATION : isSwitch ? "" : LABELS.getOrDefault(name, "VALUE");
    return FlagHelp.of(
        name, label, duration.replaceAll("") + (isSwitch ? "" : defaultValue(getter)));
  }

  private static String defaultValue(Method getter) {
    Object value = null;
    if (getter.isAnnotationPresent(Default.String.class)) {
      value = getter.getAnnotation(Default.String.class).value();
    } else if (getter.isAnnotationPresent(Default.Integer.class)) {
      value = getter.getAnnotation(Default.Integer.class).value();
    }
    return value == null ? "" : " [" + value + "]";
  }

  /** Returns the other flags of Beam and of the runners on the class path, in Beam's words. */
  static List<FlagGroup> others() {
    Map<String, FlagHelp> documented = documented();
    Map<String, List<FlagHelp>> groups = new TreeMap<>();
    RegisteredFlags.all()
        .forEach(
            (name, getter) -> {
              Description description = getter.getAnnotation(Description.class);
              if (!documented.containsKey(name)
                  && description != null
                  && !getter.isAnnotationPresent(Hidden.class)) {
                groups
                    .computeIfAbsent(title(getter), title -> new ArrayList<>())
                    .add(beams(name, getter, description.value()));
              }
            });
    return groups.entrySet().stream()
        .map(group -> new FlagGroup(group.getKey(), group.getValue(), List.of()))
        .toList();
  }

  private static String title(Method getter) {
    Matcher runner = RUNNER.matcher(getter.getDeclaringClass().getName());
    if (!runner.lookingAt()) {
      return "Beam, in its own words";
    }
    String name = runner.group(1);
    return "Beam's " + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Runner";
  }

  private static FlagHelp beams(String name, Method getter, String description) {
    Class<?> type = getter.getReturnType();
    boolean isSwitch = type == boolean.class || type == Boolean.class;
    boolean isNumber = type.isPrimitive() || Number.class.isAssignableFrom(type);
    return new FlagHelp(
        name, isSwitch ? "" : isNumber ? "NUMBER" : "VALUE", shortened(description), "");
  }

  /** Returns the first sentence of one of Beam's descriptions, which may be long, in one line. */
  private static String shortened(String description) {
    String text = description.strip().replaceAll("\\s+", " ");
    return TOO_WIDE.matcher(text.split("\\. ", 2)[0].replaceFirst("\\.$", "")).replaceAll("...");
  }
}
