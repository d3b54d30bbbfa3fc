package io.sessionizer.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Goals, and the figures that they are compared with. */
class AcceptanceTest {
  private static final Scenario ONE = new Scenario(Workload.CATCH_UP, 1_000_000, false);
  private static final Scenario FOUR = new Scenario(Workload.CATCH_UP, 4_000_000, false);
  private static final Scenario TEN = new Scenario(Workload.CATCH_UP, 10_000_000, false);

  private final BenchmarkResults results = new BenchmarkResults();

  @Test
  void twoSizesGiveStartAndFurtherVisit() {
    add(TEN, Contender.STATEFUL_HEAP, 100);
    add(FOUR, Contender.STATEFUL_HEAP, 32);
    add(ONE, Contender.STATEFUL_HEAP, 20);

    CpuCost cost = results.cost(Workload.CATCH_UP, false, Contender.STATEFUL_HEAP).orElseThrow();

    assertEquals(16, cost.startSeconds(), 1e-9);
    assertEquals(4, cost.visitMicros(), 1e-9);
    assertTrue(results.cost(Workload.CATCH_UP, true, Contender.STATEFUL_HEAP).isEmpty());
  }

  @Test
  void missedGoalHasPercentage() {
    assertEquals("met", Goal.atMost(0.45, "a", 0.45).verdict());
    assertEquals("missed by 20%", Goal.atMost(0.45, "a", 0.54).verdict());
    assertEquals("missed by 10%", Goal.atLeast(2, "a", 1.8).verdict());
    assertEquals("not measured", Goal.atMost(1, "a", 0).verdict());
    assertFalse(Goal.atMost(1, "a", 0).isMet());
  }

  @Test
  void goalsComparedWithMediansOfRounds() {
    for (double seconds : new double[] {10, 12, 50}) {
      add(ONE, Contender.STATEFUL_HEAP, seconds);
      add(ONE, Contender.NATIVE_HEAP, 2 * seconds);
    }

    List<Goal> goals = Acceptance.goals(results);

    Goal total = goals.stream().filter(goal -> goal.measured() > 0).findFirst().orElseThrow();
    assertEquals(2, total.measured(), 1e-9);
    assertTrue(total.isMet());
    assertTrue(
        ResultTable.ofGoals(goals).stream()
            .anyMatch(line -> line.contains(total.figure()) && line.contains("| met")));
  }

  @Test
  void acceptanceRunsWhatGoalsNeed() {
    BenchmarkResults all = new BenchmarkResults();
    for (Measurement measurement : Acceptance.measurements(10_000)) {
      for (Contender contender : measurement.contenders()) {
        all.add(
            measurement.scenario(),
            contender,
            run((double) (1 + measurement.scenario().visits()), 0));
      }
      for (Contender contender : measurement.weighed()) {
        all.add(measurement.scenario(), contender, run(1, 1));
      }
    }

    for (Goal goal : Acceptance.goals(all)) {
      assertTrue(goal.measured() > 0, goal.figure());
    }
  }

  private void add(Scenario scenario, Contender contender, double cpuSeconds) {
    results.add(scenario, contender, run(cpuSeconds, 0));
  }

  private static Run run(double cpuSeconds, double heap) {
    return new Run("", cpuSeconds, 1, 1e6 / cpuSeconds, 1, 1, heap, heap, heap, 1, 1, 1, 0, 0);
  }
}
