package io.sessionizer.repository;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sessionizer.Edges;
import io.sessionizer.kafka.Delivery;
import io.sessionizer.kafka.ReadVisits;
import io.sessionizer.kafka.Rewind;
import io.sessionizer.kafka.WriteDeadLetters;
import io.sessionizer.kafka.WriteLateVisits;
import io.sessionizer.kafka.WriteSessions;
import io.sessionizer.kafka.WrittenDeadLetters;
import io.sessionizer.launch.Flags;
import io.sessionizer.launch.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.values.PValue;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The pictures and tables of docs/architecture.md show the code as it is. */
class ArchitecturePageTest {
  private static final Path PAGE = Path.of("docs/architecture.md");
  private static final Path MAIN = Path.of("src/main/java/io/sessionizer");

  private static final Pattern PICTURE = Pattern.compile("(?s)```mermaid\n(.*?)```");
  private static final Pattern ARROW =
      Pattern.compile("^ *([A-Z]\\w+) --> ([A-Z]\\w+)(?::.*)?$", Pattern.MULTILINE);
  private static final Pattern CAPITALIZED = Pattern.compile("\\b[A-Z][a-z]\\w*");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @Test
  void pictureIsGraph() throws Exception {
    Set<String> arrows = arrows(picture(0));
    assertEquals(new Graph("stateful").arrows, arrows);

    arrows.remove("SessionizeVisits -> WriteLateVisits");
    assertEquals(new Graph("windows").arrows, arrows);
  }

  @Test
  void pictureNamesStepsAndTypes() throws Exception {
    Set<String> unknown =
        CAPITALIZED
            .matcher(picture(1))
            .results()
            .map(MatchResult::group)
            .collect(toCollection(TreeSet::new));
    assertFalse(unknown.isEmpty());
    unknown.removeAll(new Graph("stateful").steps);
    unknown.removeAll(types(MAIN, Integer.MAX_VALUE));
    assertEquals(Set.of(), unknown);
  }

  @Test
  void tableHasEveryPackage() throws IOException {
    Set<String> packages = new TreeSet<>();
    Set<String> missing = new TreeSet<>();
    for (String row : rows("| package (`io.sessionizer...`) |")) {
      String[] cells = row.split("\\|", -1);
      String name = cells[1].strip().replace("`", "");
      Path folder = name.equals("(root)") ? MAIN : MAIN.resolve(name.replace('.', '/'));
      packages.add(MAIN.relativize(folder).toString());
      for (String type : CODE.matcher(cells[3]).results().map(code -> code.group(1)).toList()) {
        if (!types(folder, 1).contains(type)) {
          missing.add(name + ": " + type);
        }
      }
    }
    assertEquals(Set.of(), missing);
    try (Stream<Path> files = Files.walk(MAIN)) {
      assertEquals(
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(file -> MAIN.relativize(file.getParent()).toString())
              .collect(toCollection(TreeSet::new)),
          packages);
    }
  }

  @Test
  void stateDiagramHasEveryPhase() throws Exception {
    Class<?> phase = Class.forName("io.sessionizer.sessions.SessionState$Phase");
    Set<String> phases =
        Arrays.stream(phase.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(toCollection(TreeSet::new));
    Set<String> drawn = new TreeSet<>();
    for (String arrow : arrows(picture(2))) {
      drawn.addAll(List.of(arrow.split(" -> ")));
    }
    assertEquals(phases, drawn);
  }

  /** The graph of a job: names of all steps, and which top-level step reads from which. */
  private static final class Graph extends Pipeline.PipelineVisitor.Defaults {
    final Set<String> steps = new TreeSet<>();
    final Set<String> arrows = new TreeSet<>();
    private final Map<PValue, String> producers = new HashMap<>();

    Graph(String engine) throws Exception {
      JobSpec job = Flags.parse("--engine=" + engine);
      job.pipeline(
              new Edges(
                  ReadVisits.from(
                      job.settings(),
                      List.of(new TopicPartition("visits", 0)),
                      Map.of(),
                      Rewind.NONE,
                      Map.of(),
                      new UUID(0, 1)),
                  WriteSessions.with(
                      job.settings(), Delivery.AFTER_CHECKPOINT, Rewind.NONE, new UUID(0, 1)),
                  WriteLateVisits.with(job.settings(), Delivery.AFTER_CHECKPOINT, 1 << 20),
                  WriteDeadLetters.with(job.settings(), 1 << 20, WrittenDeadLetters.NONE)))
          .traverseTopologically(this);
    }

    @Override
    public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
      add(node);
      return CompositeBehavior.ENTER_TRANSFORM;
    }

    @Override
    public void visitPrimitiveTransform(TransformHierarchy.Node node) {
      add(node);
    }

    @Override
    public void visitValue(PValue value, TransformHierarchy.Node producer) {
      producers.put(value, topLevel(producer));
    }

    private void add(TransformHierarchy.Node node) {
      if (node.isRootNode()) {
        return;
      }
      steps.addAll(List.of(node.getFullName().split("/")));
      for (PValue input : node.getInputs().values()) {
        String from = producers.get(input);
        if (!from.equals(topLevel(node))) {
          arrows.add(from + " -> " + topLevel(node));
        }
      }
    }

    private static String topLevel(TransformHierarchy.Node node) {
      return node.getFullName().split("/", 2)[0];
    }
  }

  private static String picture(int index) throws IOException {
    List<String> pictures =
        PICTURE.matcher(Files.readString(PAGE)).results().map(p -> p.group(1)).toList();
    assertEquals(3, pictures.size());
    return pictures.get(index);
  }

  private static Set<String> arrows(String picture) {
    return ARROW
        .matcher(picture)
        .results()
        .map(arrow -> arrow.group(1) + " -> " + arrow.group(2))
        .collect(toCollection(TreeSet::new));
  }

  private static List<String> rows(String header) throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream()
            .dropWhile(line -> !line.startsWith(header))
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    return rows.subList(2, rows.size());
  }

  private static Set<String> types(Path folder, int depth) throws IOException {
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.replace(".java", ""))
          .collect(toCollection(TreeSet::new));
    }
  }
}
