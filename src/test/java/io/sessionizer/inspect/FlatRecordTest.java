package io.sessionizer.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Nested
  class Texts {
    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '`',
        value = {
          "a, 1",
          "`x,a`, 1",
          "`b+a`, b b:1",
          "path(u), /ü/c d",
          "`path(x),path(u)`, /ü/c d",
        })
    void areReadAsFlagsSay(String field, String text) throws Exception {
      FlatRecord fields =
          of("{\"a\":1,\"b\":\"b b\",\"u\":\"https://h/%C3%BC/c%20d?q#f\",\"x\":\"-\"}");
      assertEquals(text, FieldText.of(field).text(fields, Set.of("-")));
      assertEquals(field, FieldText.of(field).toString());
    }

    @Test
    void partThatIsMissingIsNoText() throws Exception {
      assertNull(FieldText.of("a+b").text(of("{\"a\":1}"), Set.of()));
    }
  }
}
