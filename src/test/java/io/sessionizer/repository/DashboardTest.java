package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.metrics.MetricNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The dashboard and the alerts query metrics that a job has, and explain them. */
class DashboardTest {
  private static final Path GRAFANA = Path.of("docker/grafana");

  /** Strings, label matchers, ranges, the labels of a grouping, and operators. */
  private static final Pattern NO_METRICS =
      Pattern.compile(
          "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(?:by|without|on|ignoring) *\\([^)]*\\)"
              + "|\\b(?:or|and|unless)\\b");

  private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][\\w:]*(?![\\w:]| *\\()");

  @Test
  void clusterHasEveryMetricOfDashboard() throws IOException {
    Set<String> unknown = metrics();
    assertFalse(unknown.isEmpty());
    unknown.removeAll(Files.readAllLines(Path.of("src/test/resources/flink-metrics.txt")));
    assertEquals(Set.of(), unknown);
  }

  @Test
  void dashboardCountersExistInCode() throws IOException {
    Set<String> counters = metrics();
    counters.removeIf(metric -> !metric.startsWith(MetricNames.OF_A_STEP + "io_sessionizer_"));
    assertEquals(7, counters.size());
    MetricNames.onFlink().forEach(name -> counters.remove(MetricNames.OF_A_STEP + name));
    assertEquals(Set.of(), counters);
  }

  @Test
  void jobHasEveryMetricOfAlerts() throws IOException {
    Set<String> unknown = new TreeSet<>();
    for (Map<String, Object> alert : alerts()) {
      unknown.addAll(metrics((String) alert.get("expr")));
    }
    assertFalse(unknown.isEmpty());
    unknown.removeAll(Files.readAllLines(Path.of("src/test/resources/flink-metrics.txt")));
    unknown.remove("up"); // Prometheus' own
    MetricNames.inProcess().forEach(unknown::remove);
    assertEquals(Set.of(), unknown);
  }

  @Test
  void everyMetricOfTheAlertsTestExists() throws IOException {
    Set<String> unknown = new TreeSet<>();
    Matcher series =
        Pattern.compile("series: '(\\w+)")
            .matcher(Files.readString(Path.of("docker/alerts-test.yml")));
    while (series.find()) {
      unknown.add(series.group(1));
    }
    assertFalse(unknown.isEmpty());
    unknown.removeAll(Files.readAllLines(Path.of("src/test/resources/flink-metrics.txt")));
    unknown.remove("up"); // Prometheus' own
    MetricNames.inProcess().forEach(unknown::remove);
    assertEquals(Set.of(), unknown);
  }

  @Test
  void everyAlertIsTestedAndDocumented() throws IOException {
    String tests = Files.readString(Path.of("docker/alerts-test.yml"));
    String page = Files.readString(Path.of("docs/operations.md"));
    for (Map<String, Object> alert : alerts()) {
      String name = (String) alert.get("alert");
      assertTrue(tests.contains(name), name + " has no test");
      assertTrue(page.contains("`" + name + "`"), name + " is not in docs/operations.md");
    }
  }

  @Test
  void everyPanelHasDescriptionAndUnit() throws IOException {
    Set<String> titles = new HashSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      String title = panel.path("title").asText();
      assertTrue(titles.add(title), title + " is there twice");
      assertFalse(panel.path("description").asText().isBlank(), title);
      assertFalse(panel.at("/fieldConfig/defaults/unit").asText().isBlank(), title);
    }
  }

  @Test
  void everyQueryUsesProvisionedPrometheus() throws IOException {
    Matcher uid =
        Pattern.compile("uid: (\\w+)")
            .matcher(Files.readString(GRAFANA.resolve("provisioning/datasources/prometheus.yaml")));
    assertTrue(uid.find());
    List<JsonNode> sources = dashboard().findValues("datasource");
    assertFalse(sources.isEmpty());
    assertEquals(
        Set.of(uid.group(1)),
        sources.stream().map(source -> source.path("uid").asText()).collect(Collectors.toSet()));
  }

  private static Set<String> metrics() throws IOException {
    Set<String> metrics = new TreeSet<>();
    for (String query : dashboard().findValuesAsText("expr")) {
      metrics.addAll(metrics(query));
    }
    return metrics;
  }

  private static Set<String> metrics(String query) {
    Set<String> metrics = new TreeSet<>();
    Matcher metric = METRIC.matcher(NO_METRICS.matcher(query).replaceAll(" "));
    while (metric.find()) {
      metrics.add(metric.group());
    }
    return metrics;
  }

  @SuppressWarnings("unchecked") // YAML has no types
  private static List<Map<String, Object>> alerts() throws IOException {
    Map<String, Object> file =
        (Map<String, Object>)
            new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(Path.of("docker/alerts.yml")));
    List<Map<String, Object>> alerts = new ArrayList<>();
    for (Map<String, Object> group : (List<Map<String, Object>>) file.get("groups")) {
      alerts.addAll((List<Map<String, Object>>) group.get("rules"));
    }
    assertFalse(alerts.isEmpty());
    return alerts;
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(Files.readString(GRAFANA.resolve("sessionizer.json")));
  }
}
