package io.sessionizer.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ConfigTextTest {
  private static Map<String, List<String>> topic() {
    Map<String, List<String>> source = new LinkedHashMap<>();
    source.put("bootstrapServers", List.of("kafka:9092"));
    source.put("visitsTopic", List.of("events"));
    return source;
  }

  private static String config(Inspection inspection) {
    return ConfigText.of(inspection, topic(), List.of(), false);
  }

  private static Object flags(String yaml) {
    return new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }

  @Test
  void defaultFormatNamesNoField() {
    String yaml = config(InspectionTest.of(MadeUpVisits.of(50).topic(Shapes::reference)));
    assertEquals(Map.of("bootstrapServers", "kafka:9092", "visitsTopic", "events"), flags(yaml));
  }

  @Test
  void knownFormatIsNamed() {
    String yaml = config(InspectionTest.of(MadeUpVisits.of(50).topic(Shapes::postHog)));
    assertEquals(
        Map.of(
            "bootstrapServers",
            "kafka:9092",
            "visitsTopic",
            "events",
            "visitFormat",
            "posthog",
            "jsonText",
            "/properties"),
        flags(yaml));
  }

  @Test
  void likelyFieldsHaveReasons() {
    String yaml = config(InspectionTest.of(MadeUpVisits.of(50).topic(Shapes::nested)));
    assertEquals(
        """
        # A job of the sessionizer, by ./sessionizer inspect, from events: the newest 475 records of about
        # 4,000,000.

        bootstrapServers: kafka:9092
        visitsTopic: events

        # Other records are left out: click 95.
        where: '/evt/kind = "pageview"'
        # The visit id: on every record, 50 values, 9.5 records each. Next best: kafka:key, /who/customer.
        visitIdField: /who/client/cookie
        # The event time: epoch-millis, on every record.
        eventTimeField: /evt/at
        eventTimeFormat: epoch-millis
        # The user: on 37 % of the records, 17 values, 10.4 records each.
        userIdField: /who/customer
        # The page: on every record, 6 values, 79.2 records each.
        pageField: 'path(/where/url)'
        """,
        yaml);
  }

  @Test
  void columnsWithoutNamesAreNamed() {
    String yaml =
        config(
            InspectionTest.of(
                MadeUpVisits.of(50).topic(v -> v.id() + "\t" + v.millis() + "\t" + v.page())));
    assertTrue(yaml.contains("recordFormat: tsv\n"), yaml);
    assertTrue(yaml.contains("columns:\n  - c1\n  - c2\n  - c3\n"), yaml);
  }

  @Test
  void textsForNoValueAreMissing() {
    String yaml =
        config(
            InspectionTest.of(
                MadeUpVisits.of(50)
                    .topic(
                        v ->
                            "{\"cid\":\"%s\",\"ts\":%s,\"user\":\"%s\"}"
                                .formatted(
                                    v.number() % 9 == 0 ? "-" : v.id(),
                                    v.millis(),
                                    v.user() == null ? "" : v.user()))));
    assertTrue(yaml.contains("\nmissing: ['', '-']\n"), yaml);
    assertTrue(yaml.contains("\nwhere: 'cid != null'\n"), yaml);
  }

  @Test
  void hiddenValuesAreNotThere() {
    String yaml =
        ConfigText.of(
            InspectionTest.of(MadeUpVisits.of(50).topic(Shapes::nested)), topic(), List.of(), true);
    assertFalse(yaml.contains("click"), yaml);
  }

  @Test
  void longerPausesSuggestGap() {
    List<String> lines = new ArrayList<>();
    for (int visitor = 0; visitor < 100; visitor++) {
      long millis = MadeUpVisits.START + visitor * 1000L;
      for (int i = 1; i <= 20; i++) {
        lines.add("{\"visitor\":\"v%s\",\"ts\":%s,\"page\":\"/\"}".formatted(visitor, millis));
        millis +=
            i % 5 == 0
                ? 30_000_000L + 70_000L * i * visitor
                : 300_000L + 60_000L * (i * visitor % 25);
      }
    }
    String yaml = config(InspectionTest.of(MadeUpVisits.file(lines)));
    assertTrue(yaml.matches("(?s).*\n# sessionGap: (1h|1h30m|2h|3h)  # where .*"), yaml);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "null",
        "no",
        "12",
        "",
        "-",
        "it's",
        "a: b",
        "a #b",
        "$x",
        "/a/b/0",
        "\u00e9",
        "a\nb",
        "\"",
        "\ud83d\ude00",
        "[a]",
        "*a",
        "pattern:dd/MMM/yyyy:HH:mm:ss Z",
        "kafka:key",
        "\u0085"
      })
  void textsAreReadAsTheyAre(String text) {
    assertEquals(Map.of("f", text), flags("f: " + ConfigText.quoted(text) + "\n"));
  }
}
