package io.sessionizer.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.formats.FormatFlags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a command line into Beam's options: our flags, Beam's, and those of the runners on the
 * class path. Beam reports the first problem only, so every flag is tried by itself, and problems
 * are collected.
 */
public final class FlagReader {
  private static final ObjectMapper JSON =
      new ObjectMapper().registerModules(ObjectMapper.findModules());
  private static final Pattern KAFKA_CONFIG =
      Pattern.compile("--(consumerConfig|producerConfig)=(.*)", Pattern.DOTALL);
  private static final Pattern UNKNOWN_FLAG =
      Pattern.compile("missing a property named '([^']*)'(?:\\. Did you mean (.*)\\?)?");
  private static final Pattern UNKNOWN =
      Pattern.compile("--([\\w-]+): no such flag; \\./sessionizer .*");
  private static final String UNKNOWN_RUNNER = "Unknown 'runner' specified";
  private static final Pattern NAME = Pattern.compile("\\w+");
  private static final Pattern BAD_TYPE =
      Pattern.compile("Cannot deserialize value of type `([^`]*)`");
  private static final Pattern BAD_CHOICE = Pattern.compile("for Enum class: (\\[[^\\]]*\\])");

  /** A list of more is not shown in the log. */
  private static final int MANY = 10;

  private final RunnerFlags runners;
  private final List<String> args;
  private final ConfigFile file;
  private final List<String> good = new ArrayList<>();
  private final Map<String, List<String>> repeated = new LinkedHashMap<>();
  private final Map<String, List<String>> joined = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> kafkaConfigs = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private String lastFlag = "";

  private FlagReader(List<String> args, RunnerFlags runners) {
    this.runners = runners;
    this.args = List.copyOf(args);
    this.file = ConfigFile.namedIn(args, problems);
  }

  /**
   * Reads a command line, and the file that it names, if it names one.
   *
   * @param args each flag in any {@linkplain FlagSpelling spelling}
   * @param runners the rules for what Beam cannot check
   */
  public static FlagReader read(List<String> args, RunnerFlags runners) {
    PipelineOptionsFactory.register(SessionizationOptions.class);
    List<String> flags = normalized(args, runners);
    FlagReader reader = new FlagReader(flags, runners);
    reader.file.flagsUnder(flags).forEach(reader::read);
    reader.repeated.forEach((flag, values) -> reader.good.add(flag + "=" + json(values)));
    reader.joined.forEach((flag, values) -> reader.good.add(flag + "=" + String.join(",", values)));
    reader.keepFirstOfEach();
    reader.problems.replaceAll(reader::withHint);
    return reader;
  }

  /** Returns a command line in one {@linkplain FlagSpelling#normalized spelling}. */
  public static List<String> normalized(List<String> args, RunnerFlags runners) {
    return FlagSpelling.normalized(
        args, name -> RegisteredFlags.isSwitch(name) || runners.isSwitch(name));
  }

  /**
   * Puts defaults in front of {@code args}, each {@code --name=value}, but for those that are given
   * there, or in the file that {@code args} name.
   */
  public static List<String> withDefaults(List<String> defaults, List<String> args) {
    List<String> all = new ArrayList<>(GivenFlags.withFile(args).missing(defaults));
    all.addAll(args);
    return all;
  }

  /** Returns the flags by name that are given, or have a default of ours. */
  public static JsonNode values(SessionizationOptions options) {
    return JSON.valueToTree(options).path("options");
  }

  /** Returns flags by their names, with dashes, as they are in force: {@code --name=value ...}. */
  public static String inForce(Collection<String> names, SessionizationOptions options) {
    JsonNode values = values(options);
    return names.stream()
        .map(name -> name + "=" + text(values.path(name.substring("--".length()))))
        .collect(Collectors.joining(" "));
  }

  private static String text(JsonNode value) {
    if (value.isArray() && value.size() > MANY) {
      return value.size() + " values";
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  /** Returns the flags that make sense by themselves, but for settings of Kafka. */
  public GivenFlags given() {
    return new GivenFlags(good);
  }

  /** Adds flags that are not given. */
  public void add(List<String> flags) {
    good.addAll(flags);
  }

  /**
   * Returns the options.
   *
   * @throws BadFlagsException if Beam does not accept the flags together
   */
  public SessionizationOptions options() throws BadFlagsException {
    List<String> all = new ArrayList<>(good);
    kafkaConfigs.forEach((flag, config) -> all.add("--" + flag + "=" + json(config)));
    int before = problems.size();
    SessionizationOptions options = options(all, problems);
    if (problems.size() > before) {
      throw badFlags();
    }
    return options;
  }

  /** Returns the command that creates the topics of a job with these flags, for a message. */
  public String topicsCommand(Settings settings) {
    return TopicsCommandLine.of(args, settings);
  }

  /** Adds problems, one sentence each, that begin with the flag. */
  public void report(List<String> more) {
    problems.addAll(more);
  }

  /** Whether there are any. */
  public boolean hasProblems() {
    return !problems.isEmpty();
  }

  /** Returns all problems, with the line of a file where that has the flag. */
  public BadFlagsException badFlags() {
    return new BadFlagsException(problems.stream().map(file::located).toList());
  }

  private void read(String arg) {
    String before = lastFlag;
    lastFlag = GivenFlags.name(arg);
    if (RegisteredFlags.needsValue(arg)) {
      problems.add(arg + ": needs a value");
      return;
    }
    Matcher kafkaConfig = KAFKA_CONFIG.matcher(arg);
    if (kafkaConfig.matches()) {
      kafkaConfigs
          .computeIfAbsent(kafkaConfig.group(1), flag -> new LinkedHashMap<>())
          .putAll(kafkaConfig(arg, kafkaConfig.group(2)));
    } else if (FlagValues.FLAGS.contains(lastFlag) && (hasText(arg) || mayBeEmpty(lastFlag))) {
      repeated
          .computeIfAbsent(lastFlag, flag -> new ArrayList<>())
          .add(arg.substring(lastFlag.length() + 1));
    } else if (isJoined(lastFlag) && hasText(arg)) {
      joined
          .computeIfAbsent(lastFlag, flag -> new ArrayList<>())
          .add(arg.substring(lastFlag.length() + 1));
    } else if (runners.has(arg)) {
      runners.read(arg, problems);
    } else if (!arg.startsWith("--")) {
      problems.add(notFlag(arg, before));
    } else if (isGood(arg)) {
      good.add(arg);
    }
  }

  private static boolean hasText(String arg) {
    return arg.length() > GivenFlags.name(arg).length() + 1;
  }

  /** The empty text stands for a missing value in many formats. */
  private static boolean mayBeEmpty(String flag) {
    return flag.equals(FormatFlags.MISSING);
  }

  /** Several values of such a flag are one, with commas between them. */
  private static boolean isJoined(String flag) {
    return flag.equals("--visitsTopic") || FormatFlags.REPEATED.contains(flag);
  }

  /** A word may be the password of a setting. */
  private static String notFlag(String word, String flagBefore) {
    return KAFKA_CONFIG.matcher(flagBefore + "=").matches()
        ? flagBefore
            + ": the word after its value is not a flag; write "
            + flagBefore
            + "=KEY=VALUE"
        : word.replaceFirst("(?s)=.*", "=...") + ": not a flag; write --name=value";
  }

  private boolean isGood(String arg) {
    int before = problems.size();
    options(List.of(arg), problems);
    return problems.size() == before;
  }

  /** Of a flag that takes one value, and was given several, only the first is kept. */
  private void keepFirstOfEach() {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    good.forEach(
        arg -> byName.computeIfAbsent(GivenFlags.name(arg), name -> new ArrayList<>()).add(arg));
    byName.forEach(
        (name, same) -> {
          List<String> ignored = new ArrayList<>();
          options(same, ignored);
          if (!ignored.isEmpty()) {
            problems.add(name + ": given " + same.size() + " times; give it once");
            good.removeAll(same);
            good.add(same.get(0));
          }
        });
  }

  private SessionizationOptions options(List<String> args, List<String> problems) {
    try {
      PipelineOptions options =
          PipelineOptionsFactory.fromArgs(args.toArray(String[]::new)).create();
      return options.as(SessionizationOptions.class);
    } catch (IllegalArgumentException | ClassCastException e) {
      problems.add(problem(args, e));
      return PipelineOptionsFactory.as(SessionizationOptions.class);
    }
  }

  private String problem(List<String> args, Exception e) {
    String message = String.valueOf(e.getMessage());
    Matcher unknown = UNKNOWN_FLAG.matcher(message);
    if (unknown.find()) {
      return "--" + unknown.group(1) + ": no such flag; " + hint(unknown.group(2));
    }
    if (message.contains(UNKNOWN_RUNNER)) {
      return args.get(0) + ": " + runners.supported(args.get(0));
    }
    String text = reason(message);
    return args.size() == 1 ? args.get(0) + ": " + text : text;
  }

  /** Adds to an unknown flag those of a runner that is not there. */
  private String withHint(String problem) {
    Matcher unknown = UNKNOWN.matcher(problem);
    if (!unknown.matches()) {
      return problem;
    }
    List<String> near = runners.near(unknown.group(1));
    return near.isEmpty()
        ? problem
        : "--%s: no such flag; did you mean --%s?"
            .formatted(unknown.group(1), String.join(" or --", near));
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

  private static String reason(String message) {
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

  private Map<String, String> kafkaConfig(String arg, String value) {
    try {
      return KafkaConfig.read(value);
    } catch (IOException e) {
      problems.add(
          "%s=%s: %s".formatted(GivenFlags.name(arg), KafkaConfig.shown(value), e.getMessage()));
      return Map.of();
    }
  }

  private static String json(Object texts) {
    try {
      return JSON.writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }
}
