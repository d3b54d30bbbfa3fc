package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sessionizer.config.BadFlagsException;
import io.sessionizer.launch.Flags;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateVisitsTest {
  private static final String VISIT =
      "\"visit_id\":\"v\",\"event_time\":\"2024-01-01T00:00:00Z\",\"user_id\":\"kim\"";

  private static ParsedRecord parse(String json, String... flags) throws BadFlagsException {
    return new VisitParser(
            Flags.parse(flags).settings().inputFormat(),
            1 << 20,
            Duration.ofHours(1),
            Clock.systemUTC())
        .parse(json.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "\"true\""})
  void excludesPrivateVisits(String isPrivate) throws BadFlagsException {
    String json = "{" + VISIT + ",\"keep_private\":" + isPrivate + "}";
    assertEquals(LeftOut.EXCLUDED, parse(json, "--privateVisits=exclude"));
    assertInstanceOf(Visit.class, parse(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "null", "1", "\"yes\"", "{}"})
  void keepsOtherVisits(String isPrivate) throws BadFlagsException {
    String json = "{" + VISIT + ",\"keep_private\":" + isPrivate + "}";
    assertInstanceOf(Visit.class, parse(json, "--privateVisits=exclude"));
  }

  @Test
  void excludesPrivateEventsWithoutVisitId() throws BadFlagsException {
    assertEquals(LeftOut.EXCLUDED, parse("{\"keep_private\":true}", "--privateVisits=exclude"));
  }

  @Test
  void unreadableRecordsAreDeadLetters() throws BadFlagsException {
    String padding = "\"padding\":\"" + "x".repeat(1 << 20) + "\"";
    for (String json :
        new String[] {
          "{" + VISIT + ",\"keep_private\":true", "{\"keep_private\":true," + padding + "}"
        }) {
      assertInstanceOf(Rejection.class, parse(json, "--privateVisits=exclude"));
    }
  }

  @Test
  void filtersFirst() throws BadFlagsException {
    assertEquals(
        LeftOut.FILTERED,
        parse(
            "{\"keep_private\":true,\"type\":\"ping\"}",
            "--privateVisits=exclude",
            "--where=type = \"page\""));
  }

  @Test
  void readsFieldOfAnyName() throws BadFlagsException {
    assertEquals(
        LeftOut.EXCLUDED,
        parse(
            "{" + VISIT + ",\"consent\":{\"private\":true}}",
            "--privateVisits=exclude",
            "--privateField=/consent/private"));
  }
}
