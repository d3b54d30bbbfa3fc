package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.formats.FormatFile;
import io.sessionizer.formats.KnownFormats;
import io.sessionizer.testing.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of presets in docs/your-events.md has what their files have. */
class KnownFormatsInPageTest {
  /** Columns of the table, from 0, and the flags whose fields they name. */
  private static final Map<Integer, String> FIELDS =
      Map.of(2, "--visitIdField", 3, "--eventTimeField", 4, "--userIdField", 5, "--pageField");

  private final Page page = Page.of(Path.of("docs", "your-events.md"));

  @Test
  void tableHasEveryFormat() {
    List<List<String>> rows = page.table("Presets", "format");
    assertEquals(
        KnownFormats.NAMES, rows.stream().map(row -> Page.codesIn(row.get(0)).get(0)).toList());
    for (List<String> row : rows) {
      String name = Page.codesIn(row.get(0)).get(0);
      Map<String, String> values = FormatFile.read(name, new ArrayList<>()).values();
      FIELDS.forEach(
          (column, flag) -> {
            String fields = String.valueOf(values.get(flag)).replace("\\", "");
            for (String field : Page.codesIn(row.get(column))) {
              assertTrue(
                  fields.contains(field) || field.startsWith("["), () -> name + ": " + field);
            }
          });
    }
  }
}
