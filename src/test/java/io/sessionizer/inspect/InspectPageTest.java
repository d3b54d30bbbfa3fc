package io.sessionizer.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.explain.Line;
import io.sessionizer.explain.LineStyle;
import io.sessionizer.testing.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example of docs/inspect.md is what {@code inspect} prints. */
class InspectPageTest {
  private static final int COLUMNS = 100;
  private static final int SCREEN = 40;

  private final Inspection inspection =
      InspectionTest.of(MadeUpVisits.of(300).topic(Shapes::segment));

  private String report(boolean hideValues, int columns) {
    return InspectionReport.lines(inspection, hideValues, columns).stream()
        .map(line -> (line.style() == LineStyle.TITLE ? "\n" : "") + line.text())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void reportIsThatOfInspect() throws IOException {
    Page page = Page.of(Path.of("docs", "inspect.md"));
    assertEquals(report(false, COLUMNS), page.code("text").get(0).stripTrailing());
  }

  @Test
  void reportFitsScreenBesideFields() {
    long fields = inspection.table().fields().size();
    assertTrue(report(false, COLUMNS).lines().count() - fields <= SCREEN);
    for (int columns : List.of(80, COLUMNS, 120)) {
      assertEquals(
          List.of(),
          report(false, columns).lines().filter(line -> line.length() > columns).toList());
    }
  }

  @Test
  void hiddenValuesAreNotThere() {
    String report = report(true, COLUMNS);
    assertFalse(report.contains("user-"), report);
    assertFalse(report.contains("9e3779b1"), report);
    assertFalse(report.contains("/checkout"), report);
  }

  @Test
  void longNamesFitColumns() {
    String line =
        "{\"%s\":{\"%s\":1.5,\"b\":true},\"%s\":\"x y\"}"
            .formatted("n".repeat(30), "m".repeat(30), "k".repeat(31));
    Inspection inspected = InspectionTest.of(MadeUpVisits.file(List.of(line, line)));
    List<String> wide =
        InspectionReport.lines(inspected, false, 80).stream()
            .map(Line::text)
            .filter(text -> text.length() > 80)
            .toList();
    assertEquals(List.of(), wide);
  }

  @Test
  void doubtsAreShown() {
    List<Line> lines =
        InspectionReport.lines(
            InspectionTest.of(
                MadeUpVisits.file(
                    MadeUpVisits.of(20)
                        .lines(
                            v ->
                                "{\"visitor_id\":\"%s\",\"device_id\":\"d%s\",\"at\":\"%s\"%s}"
                                    .formatted(
                                        v.id(),
                                        v.visitor(),
                                        v.text("uuuu-MM-dd HH:mm:ss"),
                                        v.number() % 9 == 0 ? ",\"at\":\"soon\"" : "")))),
            false,
            COLUMNS);
    List<String> doubts =
        lines.stream()
            .filter(line -> line.style() == LineStyle.LATE || line.style() == LineStyle.DEAD)
            .map(line -> line.text().strip())
            .toList();
    assertEquals(
        List.of(
            "only 210 records: figures may change with more",
            "as likely: device_id",
            "rejected   24 of 210 would be: 24 BAD_EVENT_TIME",
            "too few to say where they bend; the session gap stays 16m"),
        doubts);
  }
}
