package io.sessionizer.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
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
 * A format in a YAML file, one of the jar's or the user's own: its keys are the names of the flags
 * of {@link FormatFlags} without dashes. Of a list the values are alternatives.
 */
public final class FormatFile {
  private static final String FLAG = "--visitFormat";
  private static final String MISSING = FormatFlags.MISSING.substring("--".length());

  private final String path;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Set<String> missing = new LinkedHashSet<>();

  private FormatFile(String path) {
    this.path = path;
  }

  /**
   * Reads a format.
   *
   * @param nameOrPath the name of a format in the jar, or the path of a file: it has a {@code /} or
   *     ends in {@code .yaml}
   * @param problems takes what is wrong, one sentence each
   */
  public static FormatFile read(String nameOrPath, List<String> problems) {
    FormatFile file = new FormatFile(nameOrPath);
    try (InputStream bytes = open(nameOrPath)) {
      if (bytes == null) {
        problems.add(
            "%s=%s: no such format; ./sessionizer formats lists them, and a file of yours has a '/'"
                    .formatted(FLAG, nameOrPath)
                + " or ends in .yaml");
      } else {
        file.read(bytes, problems);
      }
    } catch (NoSuchFileException e) {
      problems.add("%s=%s: no such file".formatted(FLAG, nameOrPath));
    } catch (IOException | InvalidPathException e) {
      problems.add("%s=%s: cannot be read: %s".formatted(FLAG, nameOrPath, e.getMessage()));
    }
    return file;
  }

  private static @Nullable InputStream open(String nameOrPath) throws IOException {
    if (nameOrPath.indexOf('/') >= 0 || nameOrPath.endsWith(".yaml")) {
      return Files.newInputStream(Path.of(nameOrPath));
    }
    return nameOrPath.matches("[a-z0-9-]+")
        ? FormatFile.class.getResourceAsStream(nameOrPath + ".yaml")
        : null;
  }

  /**
   * Returns the format.
   *
   * @param problems takes what is wrong, one sentence each, with its line
   */
  public InputFormat inputFormat(List<String> problems) {
    List<String> found = new ArrayList<>();
    InputFormat format = InputFormat.read(values(), missing, found);
    found.forEach(
        problem -> problems.add(located(problem.substring(0, problem.indexOf('=')), problem)));
    return format;
  }

  /** Returns the values by flag. Of fields that visits need not have, there are those named. */
  public Map<String, String> values() {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putIfAbsent(FormatFlags.USER_ID, FormatFlags.NONE);
    all.putIfAbsent(FormatFlags.PAGE, FormatFlags.NONE);
    return all;
  }

  /** Returns the texts that stand for a field that is not there. */
  public Set<String> missing() {
    return missing;
  }

  /** Returns a problem with a flag with the place in the file in front. */
  public String located(String flag, String problem) {
    Integer line = lines.get(flag);
    return line == null ? problem : "%s:%s: %s".formatted(path, line, problem);
  }

  private void read(InputStream bytes, List<String> problems) throws IOException {
    LoadSettings settings = LoadSettings.builder().setLabel(path).build();
    try {
      Optional<Node> root = new Compose(settings).composeReader(new YamlUnicodeReader(bytes));
      if (root.isPresent() && root.get() instanceof MappingNode flags) {
        flags.getValue().forEach(flag -> read(flag, problems));
      } else {
        problems.add("%s=%s: must be lines of NAME: VALUE".formatted(FLAG, path));
      }
    } catch (MarkedYamlEngineException e) {
      problems.add("%s:%s: not YAML: %s".formatted(path, line(e.getProblemMark()), e.getProblem()));
    } catch (YamlEngineException e) {
      if (e.getCause() instanceof IOException unreadable) {
        throw unreadable;
      }
      problems.add("%s: not YAML: %s".formatted(path, e.getMessage()));
    }
  }

  private void read(NodeTuple flag, List<String> problems) {
    int line = line(flag.getKeyNode().getStartMark());
    String key = text(flag.getKeyNode());
    List<String> texts = texts(flag.getValueNode());
    String name = "--" + key;
    String problem = null;
    if (key == null || !(FormatFlags.TEXTS.contains(name) || key.equals(MISSING))) {
      problem =
          "%s: must be one of %s, missing"
              .formatted(key, String.join(", ", FormatFlags.TEXTS).replace("--", ""));
    } else if (lines.putIfAbsent(name, line) != null) {
      problem = "%s: given on line %s already; give it once".formatted(key, lines.get(name));
    } else if (texts.contains(null)
        || (texts.size() != 1 && !key.equals(MISSING) && !FormatFlags.REPEATED.contains(name))) {
      problem = key + ": must be " + (FormatFlags.REPEATED.contains(name) ? "texts" : "a text");
    } else if (key.equals(MISSING)) {
      missing.addAll(texts);
    } else {
      values.put(name, String.join(",", texts));
    }
    if (problem != null) {
      problems.add("%s:%s: %s".formatted(path, line, problem));
    }
  }

  private static List<@Nullable String> texts(Node node) {
    List<@Nullable String> texts = new ArrayList<>();
    if (node instanceof SequenceNode list) {
      list.getValue().forEach(value -> texts.add(text(value)));
    } else {
      texts.add(text(node));
    }
    return texts;
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
