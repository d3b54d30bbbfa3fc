package io.sessionizer.launch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.config.GivenFlags;
import io.sessionizer.config.NameSuggestions;
import io.sessionizer.config.RunnerFlags;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The flags of a runner that is not on the class path: it is in a jar that takes minutes to build,
 * and flags are checked before. Names and types come from a file that a test compares with the
 * runner.
 */
public final class AbsentFlags implements RunnerFlags {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern FLAG = Pattern.compile("--(\\w+)(?:=(.*))?", Pattern.DOTALL);
  private static final String RUNNER = "--runner=";

  private final String runner;
  private final Function<AbsentFlags, Launcher> launcher;
  private final Map<String, String> types = new TreeMap<>();
  private final ObjectNode values = JsonNodeFactory.instance.objectNode();

  private AbsentFlags(String runner, String file, Function<AbsentFlags, Launcher> launcher) {
    this.runner = runner;
    this.launcher = launcher;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                AbsentFlags.class.getResourceAsStream(file), StandardCharsets.UTF_8))) {
      lines.lines().map(line -> line.split(" ", 2)).forEach(flag -> types.put(flag[0], flag[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** Returns those of the Dataflow runner. */
  public static AbsentFlags ofDataflow() {
    return new AbsentFlags("DataflowRunner", "dataflow/dataflow-flags.txt", DataflowLauncher::new);
  }

  /** Returns those of the Spark runner. */
  public static AbsentFlags ofSpark() {
    return new AbsentFlags("SparkRunner", "spark/spark-flags.txt", SparkLauncher::new);
  }

  /** Returns those of the runner that flags name, if it is in a jar of its own. */
  static Optional<AbsentFlags> of(GivenFlags given) {
    Launcher named = Launcher.of(given);
    if (named instanceof DataflowLauncher) {
      return Optional.of(ofDataflow());
    }
    return named instanceof SparkLauncher ? Optional.of(ofSpark()) : Optional.empty();
  }

  /** Returns a launcher that checks these flags, and starts nothing. */
  Launcher launcher() {
    return launcher.apply(this);
  }

  /** There is one runner only, whatever {@link #RUNNER} says. */
  @Override
  public String supported(String flag) {
    return "must be " + runner;
  }

  @Override
  public boolean has(String arg) {
    Matcher flag = FLAG.matcher(arg);
    return arg.startsWith(RUNNER) || (flag.matches() && types.containsKey(flag.group(1)));
  }

  @Override
  public boolean isSwitch(String name) {
    return "boolean".equals(types.get(name.substring("--".length())));
  }

  @Override
  public void read(String arg, List<String> problems) {
    Matcher flag = FLAG.matcher(arg);
    if (!arg.startsWith(RUNNER) && flag.matches()) {
      String name = flag.group(1);
      String type = Objects.requireNonNull(types.get(name), "only flags that it has are read");
      String text = flag.group(2);
      if (text == null) {
        text = type.equals("boolean") ? "true" : "";
      }
      String problem = read(name, type, text);
      if (problem != null) {
        problems.add(arg + ": " + problem);
      }
    }
  }

  private @Nullable String read(String name, String type, String text) {
    if (text.isEmpty()) {
      return "needs a value";
    }
    if (type.equals("list")) {
      ArrayNode list = values.get(name) instanceof ArrayNode begun ? begun : values.putArray(name);
      List.of(text.split(",", -1)).forEach(list::add);
      return null;
    }
    if (values.has(name)) {
      return "given several times; give it once";
    }
    values.put(name, text);
    return switch (type) {
      case "int" ->
          isNumber(text, Integer.MAX_VALUE)
              ? null
              : "must be a whole number, " + Integer.MAX_VALUE + " at most";
      case "long" -> isNumber(text, Long.MAX_VALUE) ? null : "must be a whole number";
      case "boolean" -> text.matches("true|false") ? null : "must be true or false";
      case "text" -> null;
      case "map" -> readMap(name, text);
      default ->
          List.of(type.split("\\|")).contains(text)
              ? null
              : "must be one of [" + type.replace("|", ", ") + "]";
    };
  }

  private static boolean isNumber(String text, long max) {
    try {
      return Math.abs(Long.parseLong(text)) <= max;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private @Nullable String readMap(String name, String text) {
    try {
      JsonNode map = JSON.readTree(text);
      values.set(name, map);
      return map.isObject() ? null : "must be a JSON object";
    } catch (JsonProcessingException e) {
      return "must be a JSON object";
    }
  }

  @Override
  public List<String> near(String name) {
    return NameSuggestions.to(name, types.keySet());
  }

  /** Returns what was read, by name, as in the written form of options. */
  public ObjectNode values() {
    return values;
  }
}
