package io.sessionizer.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnownFormatsTest {
  static List<String> names() {
    return KnownFormats.NAMES;
  }

  @ParameterizedTest
  @MethodSource("names")
  void filesHaveNoProblems(String name) {
    List<String> problems = new ArrayList<>();
    FormatFile file = FormatFile.read(name, problems);
    InputFormat format = InputFormat.read(file.values(), file.missing(), problems);
    assertEquals(List.of(), problems);
    assertFalse(format.usesKafka());
    assertEquals(name.equals("reference"), format.where() == null);
  }
}
