package io.sessionizer.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Flags in a YAML file: its keys are their names without the dashes, its values theirs, each taken
 * as the text that stands there. A list is a flag that is given several times, and the settings for
 * Kafka may be keys and values of their own. The file is read no further than that: no key and no
 * tag of it makes an object.
 */
final class ConfigFile {
  private static final String FLAG = "--config";

  /** The key with a map of attributes, and the flag that each of them is. */
  private static final String ATTRIBUTES = "attributes";

  private static final String ATTRIBUTE = "attribute";

  /** Flags that are added to those of the file, and do not replace all of them. */
  private static final Set<String> ADDED = Set.of("consumerConfig", "producerConfig", ATTRIBUTE);

  private static final Pattern NAME = Pattern.compile("--([\\w-]+)[=:].*", Pattern.DOTALL);

  private final String path;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * A flag in the file.
   *
   * @param line where it is, from 1
   * @param flags as on a command line
   * @param lines where each of these is
   */
  private record Entry(int line, List<String> flags, List<Integer> lines) {
    /**
     * Returns where the flag of a problem is; of several flags, the one that it starts with.
     *
     * @return -1 if it is an attribute of the command line
     */
    int lineOf(String problem) {
      for (int i = 0; i < flags.size(); i++) {
        if (problem.startsWith(flags.get(i) + ":")) {
          return lines.get(i);
        }
      }
      return problem.startsWith(AttributeSettings.FLAG + "=") ? -1 : line;
    }
  }

  private ConfigFile(String path) {
    this.path = path;
  }

  /**
   * Reads the file that a command line names, if it names one.
   *
   * @param problems takes what is wrong with it
   */
  static ConfigFile namedIn(List<String> args, List<String> problems) {
    List<String> named =
        args.stream()
            .filter(ConfigFile::isConfig)
            .map(arg -> arg.substring(Math.min(arg.length(), FLAG.length() + 1)))
            .toList();
    if (named.size() > 1) {
      problems.add(FLAG + ": given " + named.size() + " times; give it once");
    }
    ConfigFile file = new ConfigFile(named.isEmpty() ? "" : named.get(0));
    if (args.contains(FLAG)) {
      problems.add(FLAG + ": needs a value");
    } else if (!named.isEmpty()) {
      file.read(problems);
    }
    return file;
  }

  private static boolean isConfig(String arg) {
    return arg.equals(FLAG) || arg.startsWith(FLAG + "=");
  }

  /**
   * Returns the flags of the file, and then those of the command line, which override them:
   * settings for Kafka and attributes are added, anything else is replaced.
   */
  List<String> flagsUnder(List<String> args) {
    List<String> flags = new ArrayList<>();
    entries.forEach(
        (name, entry) -> {
          if (!isGiven(name, args) || ADDED.contains(name)) {
            flags.addAll(entry.flags());
          }
        });
    entries.keySet().removeIf(name -> isGiven(name, args) && !name.equals(ATTRIBUTE));
    args.stream().filter(arg -> !isConfig(arg)).forEach(flags::add);
    return flags;
  }

  private static boolean isGiven(String name, List<String> args) {
    return args.stream()
        .anyMatch(arg -> arg.equals("--" + name) || arg.startsWith("--" + name + "="));
  }

  /** Returns a problem with file and line in front, if it is one with a flag of the file. */
  String located(String problem) {
    Matcher name = NAME.matcher(problem);
    Entry entry = name.matches() ? entries.get(name.group(1)) : null;
    int line = entry == null ? -1 : entry.lineOf(problem);
    return line < 0 ? problem : "%s:%s: %s".formatted(path, line, problem);
  }

  private void read(List<String> problems) {
    LoadSettings settings = LoadSettings.builder().setLabel(path).build();
    try (Reader text = UserFile.open(Path.of(path))) {
      Optional<Node> root = new Compose(settings).composeReader(text);
      if (root.isPresent()) {
        read(root.get(), problems);
      }
    } catch (MarkedYamlEngineException e) {
      problems.add("%s:%s: not YAML: %s".formatted(path, line(e.getProblemMark()), e.getProblem()));
    } catch (YamlEngineException e) {
      problems.add(
          e.getCause() instanceof IOException unreadable
              ? "%s=%s: cannot be read: %s".formatted(FLAG, path, unreadable.getMessage())
              : "%s: not YAML: %s".formatted(path, e.getMessage()));
    } catch (NoSuchFileException e) {
      problems.add("%s=%s: no such file".formatted(FLAG, path));
    } catch (IOException | InvalidPathException e) {
      problems.add("%s=%s: cannot be read: %s".formatted(FLAG, path, e));
    }
  }

  private void read(Node root, List<String> problems) {
    if (!(root instanceof MappingNode flags)) {
      problems.add(
          "%s:%s: must be lines of NAME: VALUE".formatted(path, line(root.getStartMark())));
      return;
    }
    for (NodeTuple flag : flags.getValue()) {
      int line = line(flag.getKeyNode().getStartMark());
      String name = text(flag.getKeyNode());
      String problem = name == null ? "a key must be the name of a flag" : add(name, line, flag);
      if (problem != null) {
        problems.add("%s:%s: %s".formatted(path, line, problem));
      }
    }
  }

  /** Returns what is wrong with a flag, or null. */
  private @Nullable String add(String key, int line, NodeTuple flag) {
    if (key.startsWith("-")) {
      return key + ": write it without dashes";
    }
    String camelCase = FlagSpelling.camelCase("--" + key).substring("--".length());
    String name = camelCase.equals(ATTRIBUTES) ? ATTRIBUTE : camelCase;
    if (("--" + name).equals(FLAG)) {
      return name + ": a file of flags cannot name another one";
    }
    if (entries.containsKey(name)) {
      return camelCase + ": given on line " + entries.get(name).line() + " already; give it once";
    }
    List<Node> nodes = new ArrayList<>();
    List<String> values = values(name, flag.getValueNode(), nodes);
    if (values == null) {
      return switch (name) {
        case ATTRIBUTE -> camelCase + ": must be lines of NAME: EXPRESSION";
        case "consumerConfig", "producerConfig" ->
            name + ": must be a properties file, or lines of KEY: VALUE";
        default -> name + ": must be one value, or a list of values";
      };
    }
    String twice = name.equals(ATTRIBUTE) ? firstTwice(values) : null;
    if (twice != null) {
      return "%s: has the name %s twice".formatted(camelCase, twice);
    }
    entries.put(
        name,
        new Entry(
            line,
            values.stream().map(value -> "--" + name + "=" + value).toList(),
            nodes.stream().map(node -> line(node.getStartMark())).toList()));
    return null;
  }

  /** Returns the name that two of several {@code NAME=EXPRESSION} have; null if there is none. */
  private static @Nullable String firstTwice(List<String> values) {
    Set<String> names = new HashSet<>();
    return values.stream()
        .map(value -> value.replaceFirst("(?s)=.*", ""))
        .filter(name -> !names.add(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns the values of a flag, or null if they have another form than they can have.
   *
   * @param nodes receives where each value is
   */
  private static @Nullable List<String> values(String name, Node node, List<Node> nodes) {
    List<String> values = new ArrayList<>();
    if (node instanceof SequenceNode list) {
      list.getValue().forEach(value -> values.add(text(value)));
      nodes.addAll(list.getValue());
    } else if (node instanceof MappingNode settings && ADDED.contains(name)) {
      for (NodeTuple setting : settings.getValue()) {
        String key = text(setting.getKeyNode());
        String value = text(setting.getValueNode());
        values.add(key == null || value == null ? null : key + "=" + value);
        nodes.add(setting.getKeyNode());
      }
    } else {
      values.add(text(node));
      nodes.add(node);
    }
    return values.contains(null) ? null : values;
  }

  /** The text that stands there; nothing at all, and the word null, are none. */
  private static @Nullable String text(Node node) {
    return node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)
        ? scalar.getValue()
        : null;
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(Mark::getLine).orElse(0) + 1;
  }
}
