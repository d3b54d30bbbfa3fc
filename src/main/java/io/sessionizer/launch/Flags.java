package io.sessionizer.launch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.ConfigFile;
import io.sessionizer.config.HostAndPort;
import io.sessionizer.config.KafkaConfig;
import io.sessionizer.config.SessionizationOptions;
import io.sessionizer.config.Settings;
import io.sessionizer.launch.dataflow.AbsentFlags;
import io.sessionizer.launch.dataflow.DataflowFlags;
import io.sessionizer.launch.flink.FlinkFlags;
import io.sessionizer.launch.flink.FlinkOptions;
import io.sessionizer.sessions.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Reads a command line: our flags, Beam's, and those of the runners on the class path. */
public final class Flags {
  private static final ObjectMapper JSON =
      new ObjectMapper().registerModules(ObjectMapper.findModules());
  private static final Pattern KAFKA_CONFIG =
      Pattern.compile("--(consumerConfig|producerConfig)(?:=|\\z)(.*)", Pattern.DOTALL);
  private static final Pattern UNKNOWN_FLAG =
      Pattern.compile("missing a property named '([^']*)'(?:\\. Did you mean (.*)\\?)?");
  private static final Pattern UNKNOWN =
      Pattern.compile("--(\\w+): no such flag; \\./sessionizer .*");
  private static final String UNKNOWN_RUNNER = "Unknown 'runner' specified";
  private static final Pattern NAME = Pattern.compile("\\w+");
  private static final Pattern BAD_TYPE =
      Pattern.compile("Cannot deserialize value of type `([^`]*)`");
  private static final Pattern BAD_CHOICE = Pattern.compile("for Enum class: (\\[[^\\]]*\\])");

  /** A list of more is not shown in the log. */
  private static final int MANY = 10;

  private Flags() {}

  /**
   * Puts defaults in front of {@code args}, each {@code --name=value}, but for those that are given
   * there, or in the file that {@code args} name.
   */
  public static List<String> withDefaults(List<String> defaults, List<String> args) {
    ConfigFile file = ConfigFile.namedIn(args, new ArrayList<>()); // parse() says what is wrong
    List<String> all = new ArrayList<>(defaults);
    all.removeIf(
        flag -> {
          String name = flag.substring(2, flag.indexOf('='));
          return file.has(name) || ConfigFile.isGiven(name, args);
        });
    all.addAll(args);
    return all;
  }

  /**
   * Reads {@code args}, each {@code --name=value}, or {@code --name} for a switch. One of them may
   * be {@code --config=FILE}: flags in a YAML file, which count less than those beside it.
   *
   * @throws BadFlagsException with every problem there is
   */
  public static JobSpec parse(String... args) throws BadFlagsException {
    return parse(args, null).job();
  }

  /**
   * Flags for Dataflow.
   *
   * @param job without the runner and its flags
   * @param flags those of the runner that we know; null of a job for another runner
   */
  public record ForDataflow(JobSpec job, @Nullable DataflowFlags flags) {}

  /**
   * Like {@link #parse} of flags for Dataflow, where its runner is not on the class path.
   *
   * @throws BadFlagsException with every problem there is
   */
  public static ForDataflow parseForDataflow(String... args) throws BadFlagsException {
    return parse(args, new AbsentFlags());
  }

  private static ForDataflow parse(String[] args, @Nullable AbsentFlags absent)
      throws BadFlagsException {
    PipelineOptionsFactory.register(SessionizationOptions.class);
    List<String> problems = new ArrayList<>();
    List<String> good = new ArrayList<>();
    Map<String, Map<String, String>> kafkaConfigs = new LinkedHashMap<>();
    ConfigFile file = ConfigFile.namedIn(List.of(args), problems);
    for (String arg : file.flagsUnder(List.of(args))) {
      Matcher kafkaConfig = KAFKA_CONFIG.matcher(arg);
      if (kafkaConfig.matches()) {
        kafkaConfigs
            .computeIfAbsent(kafkaConfig.group(1), flag -> new LinkedHashMap<>())
            .putAll(kafkaConfig(arg, kafkaConfig.group(2), problems));
      } else if (absent != null && absent.has(arg)) {
        absent.read(arg, problems);
      } else if ((absent == null || !arg.startsWith("--runner=")) && isGood(arg, problems)) {
        good.add(arg);
      }
    }
    keepFirstOfEach(good, problems);
    good.addAll(RunnerDefaults.missingFrom(good));
    if (absent != null) {
      good.addAll(RunnerDefaults.dataflowJobName(good));
      problems.replaceAll(problem -> withHint(problem, absent));
    }
    kafkaConfigs.forEach((flag, config) -> good.add("--" + flag + "=" + json(config)));
    SessionizationOptions options = options(good, problems);
    Settings settings = null;
    try {
      settings = Settings.from(options, usualEngine(options));
    } catch (BadFlagsException e) {
      problems.addAll(e.problems());
    }
    Engine engine = settings == null ? null : settings.engine();
    checkCluster(FlinkOptions.cluster(options), problems);
    checkMetricsPort(options, problems);
    DataflowFlags dataflow = null;
    if (absent != null || DataflowFlags.isDataflow(options)) {
      dataflow =
          absent == null ? DataflowFlags.of(options) : DataflowFlags.of(options, absent.values());
      problems.addAll(dataflow.problems(engine, options));
    }
    if (FlinkOptions.isFlink(options)) {
      problems.addAll(FlinkFlags.of(options).problems(engine));
    }
    int targetParallelism = values(options).path("targetParallelism").asInt(1); // DirectRunner's
    if (targetParallelism < 1) {
      problems.add("--targetParallelism=" + targetParallelism + ": must be 1 or more");
    }
    if (settings == null || !problems.isEmpty()) {
      throw new BadFlagsException(problems.stream().map(file::located).toList());
    }
    return new ForDataflow(new JobSpec(settings, options), dataflow);
  }

  /** On Flink Beam's session windows leak, two objects per session for ever; state does not. */
  private static Engine usualEngine(SessionizationOptions options) {
    return FlinkOptions.isFlink(options) && options.as(StreamingOptions.class).isStreaming()
        ? Engine.STATEFUL
        : Engine.WINDOWS;
  }

  private static void checkCluster(@Nullable String cluster, List<String> problems) {
    if (cluster != null && !HostAndPort.matches(cluster.replaceFirst("^https?://", ""))) {
      problems.add("--flinkMaster=" + cluster + ": is not of the form HOST:PORT");
    }
  }

  private static void checkMetricsPort(SessionizationOptions options, List<String> problems) {
    if (options.getMetricsPort() != null
        && (FlinkOptions.cluster(options) != null || DataflowFlags.isDataflow(options))) {
      problems.add(
          "--metricsPort=%s: is for a job in this process; a cluster has ports of its own"
              .formatted(options.getMetricsPort()));
    }
  }

  /**
   * Like {@link #parse}, with the Flink cluster that this code runs in as the default for where to
   * run.
   */
  public static JobSpec parseOnFlink(String... args) throws BadFlagsException {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(RunnerDefaults.surroundingFlink(all));
    return parse(all.toArray(String[]::new));
  }

  /**
   * Returns the runner's flags that have another default here than the runner's own, as they are in
   * force: {@code --objectReuse=true ...}.
   */
  public static String runnerFlags(SessionizationOptions options) {
    JsonNode values = values(options);
    String master = options.as(FlinkOptions.class).getFlinkMaster();
    return RunnerDefaults.names(options.getRunner().getSimpleName(), master).stream()
        .map(name -> "--" + name + "=" + text(values.path(name)))
        .collect(Collectors.joining(" "));
  }

  /** Returns the flags by name that are given, or have a default of ours. */
  public static JsonNode values(SessionizationOptions options) {
    return JSON.valueToTree(options).path("options");
  }

  private static String text(JsonNode value) {
    if (value.isArray() && value.size() > MANY) {
      return value.size() + " values";
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  /** Beam reports the first problem only, so every flag is tried by itself. */
  private static boolean isGood(String arg, List<String> problems) {
    if (!arg.startsWith("--")) {
      // What follows may be the password of a setting whose flag was forgotten.
      String shown = arg.replaceFirst("(?s)=.*", "=...");
      problems.add(shown + ": not a flag; write --name=value");
      return false;
    }
    int before = problems.size();
    options(List.of(arg), problems);
    return problems.size() == before;
  }

  /** Of a flag that takes one value, and was given several, only the first is kept. */
  private static void keepFirstOfEach(List<String> args, List<String> problems) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    args.forEach(
        arg -> byName.computeIfAbsent(arg.split("=", 2)[0], name -> new ArrayList<>()).add(arg));
    byName.forEach(
        (name, same) -> {
          List<String> ignored = new ArrayList<>();
          options(same, ignored);
          if (!ignored.isEmpty()) {
            problems.add(name + ": given " + same.size() + " times; give it once");
            args.removeAll(same);
            args.add(same.get(0));
          }
        });
  }

  private static SessionizationOptions options(List<String> args, List<String> problems) {
    try {
      PipelineOptions options =
          PipelineOptionsFactory.fromArgs(args.toArray(String[]::new)).create();
      return options.as(SessionizationOptions.class);
    } catch (IllegalArgumentException | ClassCastException e) {
      problems.add(problem(args, e));
      return PipelineOptionsFactory.as(SessionizationOptions.class);
    }
  }

  private static String problem(List<String> args, Exception e) {
    String message = String.valueOf(e.getMessage());
    Matcher unknown = UNKNOWN_FLAG.matcher(message);
    if (unknown.find()) {
      return "--" + unknown.group(1) + ": no such flag; " + hint(unknown.group(2));
    }
    if (message.contains(UNKNOWN_RUNNER)) {
      return args.get(0) + ": " + RunnerDefaults.supported(args);
    }
    String text = inWords(message);
    return args.size() == 1 ? args.get(0) + ": " + text : text;
  }

  /** Adds to an unknown flag those of the runner that is not there. */
  private static String withHint(String problem, AbsentFlags absent) {
    Matcher unknown = UNKNOWN.matcher(problem);
    if (!unknown.matches()) {
      return problem;
    }
    List<String> near = absent.near(unknown.group(1));
    return near.isEmpty()
        ? problem
        : "--"
            + unknown.group(1)
            + ": no such flag; did you mean --"
            + String.join(" or --", near)
            + "?";
  }

  /** Beam names what is meant as {@code 'a'}, or {@code one of [a, b]}. */
  private static String hint(@Nullable String meant) {
    if (meant == null) {
      return "./sessionizer run --help lists them";
    }
    return NAME.matcher(meant.replace("one of ", ""))
        .results()
        .map(name -> "--" + name.group())
        .collect(Collectors.joining(" or ", "did you mean ", "?"));
  }

  private static String inWords(String message) {
    if (message.startsWith("Empty argument value")) {
      return "needs a value";
    }
    Matcher choice = BAD_CHOICE.matcher(message);
    if (choice.find()) {
      return "must be one of " + choice.group(1);
    }
    Matcher badType = BAD_TYPE.matcher(message);
    return switch (badType.find() ? badType.group(1) : "") {
      case "int", "java.lang.Integer" -> "must be a whole number, 2147483647 at most";
      case "long", "java.lang.Long" -> "must be a whole number";
      case "boolean", "java.lang.Boolean" -> "must be true or false";
      default -> message.lines().findFirst().orElse(message);
    };
  }

  private static Map<String, String> kafkaConfig(String arg, String value, List<String> problems) {
    try {
      return KafkaConfig.read(value);
    } catch (IOException e) {
      problems.add(arg + ": " + e.getMessage());
      return Map.of();
    }
  }

  private static String json(Map<String, String> config) {
    try {
      return new ObjectMapper().writeValueAsString(config);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts is always JSON", e);
    }
  }
}
