package io.sessionizer.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.kafka.ParserSettings;
import io.sessionizer.visits.VisitParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatRecordTest {
  private static FlatRecord of(String json) throws Exception {
    return FlatRecord.of(new ObjectMapper().readTree(json));
  }

  private static List<String> names(String json) throws Exception {
    return new ArrayList<>(of(json).values().keySet());
  }

  @Test
  void membersAreNamesAndPointers() throws Exception {
    assertEquals(
        List.of("a", "/b/c/0", "/b/d~1~0"), names("{\"a\":1,\"b\":{\"c\":[1,2],\"d/~\":2}}"));
  }

  @Test
  void specialCharactersAreEscaped() throws Exception {
    assertEquals(
        List.of("cs\\(User-Agent\\)", "a\\,b", "//x", "/~1y"),
        names("{\"cs(User-Agent)\":1,\"a,b\":2,\"\":{\"x\":1},\"/y\":3}"));
  }

  @Test
  void elementsWithKeysAreNamed() throws Exception {
    assertEquals(
        List.of("/p[key=a]/value/s", "/p[key=b]/value/s"),
        names("{\"p\":[{\"key\":\"a\",\"value\":{\"s\":1}},{\"key\":\"b\",\"value\":{\"s\":2}}]}"));
  }

  @Test
  void jsonTextHasMembers() throws Exception {
    assertEquals(List.of("p", "/p/a"), names("{\"p\":\"{\\\"a\\\":1}\"}"));
  }

  /** Whatever its name, a field is the one that a job reads by that name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"x\"}",
        "{\"a b\":\"x\"}",
        "{\"a,b\":\"x\"}",
        "{\"a[0]\":\"x\"}",
        "{\"a\\\\b\":\"x\"}",
        "{\"/a\":\"x\"}",
        "{\"~\":\"x\"}",
        "{\"\":\"x\"}",
        "{\"kafka:key\":\"x\"}",
        "{\"a\":{\"b[c]/~\":\"x\"}}",
        "{\"a\":[\"x\"]}",
        "{\"a\":[{\"key\":\"k(1)=\",\"value\":{\"s\":\"x\"}}]}"
      })
  void namesAreThoseOfFlags(String json) throws Exception {
    String field = names(json).get(0);
    List<String> problems = new ArrayList<>();
    InputFormat format =
        InputFormat.read(
            Map.of("--visitIdField", field, "--eventTimeField", "kafka:timestamp"),
            Set.of(),
            problems);
    assertEquals(List.of(), problems, field);
    VisitParser parser = new ParserSettings(format, 1000, Duration.ZERO, null).parser();
    assertEquals("x", parser.visitId(json.getBytes(UTF_8), null), field);
  }
}
