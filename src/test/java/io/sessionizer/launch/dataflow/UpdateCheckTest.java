package io.sessionizer.launch.dataflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sessionizer.config.NotReadyException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of a job that runs, and of one that is to take over. */
class UpdateCheckTest {
  private static final List<String> STEPS =
      List.of("Read/Source", "Read/Take", "Form/Group", "Form/Sessions", "Write/Kafka");

  @Test
  void sameStepsNeedNoMapping() throws Exception {
    UpdateCheck.requireSuccessors(STEPS, STEPS, Map.of());
  }

  @Test
  void acceptsNewSteps() throws Exception {
    UpdateCheck.requireSuccessors(STEPS.subList(0, 3), STEPS, Map.of());
  }

  @Test
  void mapsRenamedSubgraphAsWhole() throws Exception {
    List<String> renamed =
        List.of("Read/Source", "Read/Take", "Make/Group", "Make/Sessions", "Write/Kafka");
    assertProblem(
        "the running job has steps that the new one does not have: Form/Group, Form/Sessions. If they"
            + " have another name now, give --transformNameMapping='{\"Form\":\"Make\"}'",
        STEPS,
        renamed,
        Map.of());
    UpdateCheck.requireSuccessors(STEPS, renamed, Map.of("Form", "Make"));
    UpdateCheck.requireSuccessors(
        STEPS, renamed, Map.of("Form/Group", "Make/Group", "Form/Sessions", "Make/Sessions"));
  }

  @Test
  void mapsRenamedStep() {
    assertProblem(
        "the running job has steps that the new one does not have: Form/Sessions. If they have another"
            + " name now, give --transformNameMapping='{\"Form/Sessions\":\"Form/Visits\"}'",
        STEPS,
        List.of("Read/Source", "Read/Take", "Form/Group", "Form/Visits", "Write/Kafka"),
        Map.of());
  }

  @Test
  void completesPartialMapping() {
    assertProblem(
        "the running job has steps that the new one does not have: Write/Kafka. If they have another"
            + " name now, give --transformNameMapping='{\"Form\":\"Make\",\"Write\":\"Put\"}'",
        STEPS,
        List.of("Read/Source", "Read/Take", "Make/Group", "Make/Sessions", "Put/Kafka"),
        Map.of("Form", "Make"));
  }

  @Test
  void mapsRemovedStepToNothingWithWarning() throws Exception {
    List<String> fewer = List.of("Read/Source", "Read/Take", "Form/Group", "Form/Sessions");
    assertProblem(
        "the running job has steps that the new one does not have: Write/Kafka. If they have another"
            + " name now, give --transformNameMapping='{\"Write/Kafka\":\"\"}'; a step that is mapped to an empty name loses its state and its records in flight",
        STEPS,
        fewer,
        Map.of());
    UpdateCheck.requireSuccessors(STEPS, fewer, Map.of("Write/Kafka", ""));
    UpdateCheck.requireSuccessors(STEPS, fewer, Map.of("Write", ""));
  }

  /** Those of the release before shards, and those of another engine. */
  @ParameterizedTest
  @ValueSource(strings = {"InState/GroupByVisitId", "InState/FormSessions", "InWindows/Accept"})
  void neverMapsStepThatFormsSessions(String step) {
    List<String> planned = List.of("Read/Source", "SessionizeVisits/InShards/FormSessions");
    String running = "SessionizeVisits/" + step;
    for (String successor : List.of("SessionizeVisits/InShards/FormSessions", "")) {
      for (Map<String, String> mapping :
          List.of(Map.<String, String>of(), Map.of(running, successor))) {
        assertProblem(
            "the running job forms sessions in steps whose state the new one cannot read: "
                + running
                + "; cancel it, and start the new one without --update"
                + " (docs/operations.md, \"Upgrades that cannot keep state\")",
            List.of("Read/Old", running),
            planned,
            mapping);
      }
    }
  }

  private static void assertProblem(
      String message, List<String> running, List<String> planned, Map<String, String> mapping) {
    assertEquals(
        message,
        assertThrows(
                NotReadyException.class,
                () -> UpdateCheck.requireSuccessors(running, planned, mapping))
            .getMessage());
  }
}
