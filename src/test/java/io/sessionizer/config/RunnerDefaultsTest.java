package io.sessionizer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunnerDefaultsTest {
  private static final String BLOCK_ON_RUN = "--blockOnRun=false";

  @Test
  void theDirectRunnerIsTheDefaultAndReturnsFromRun() {
    assertTrue(RunnerDefaults.missingFrom(List.of()).contains(BLOCK_ON_RUN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DirectRunner",
        "directrunner",
        "direct",
        "org.apache.beam.runners.direct.DirectRunner"
      })
  void everyNameOfTheDirectRunnerHasItsDefaults(String name) {
    assertEquals(
        RunnerDefaults.missingFrom(List.of()),
        RunnerDefaults.missingFrom(List.of("--runner=" + name)));
  }

  @Test
  void anotherRunnerHasNoneOfTheDirectRunner() {
    assertEquals(List.of(), RunnerDefaults.missingFrom(List.of("--runner=IndirectRunner")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--blockOnRun=true", "--blockOnRun=false", "--blockOnRun"})
  void whatTheUserGivesIsNoDefault(String given) {
    List<String> others =
        RunnerDefaults.missingFrom(List.of()).stream()
            .filter(flag -> !flag.equals(BLOCK_ON_RUN))
            .toList();

    assertEquals(others, RunnerDefaults.missingFrom(List.of(given)));
  }
}
