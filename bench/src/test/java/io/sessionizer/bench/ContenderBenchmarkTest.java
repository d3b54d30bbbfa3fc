package io.sessionizer.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.cli.Benchmark;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ContenderBenchmarkTest {
  @Test
  void namesAreThoseOfTheCommand() {
    assertEquals(Benchmark.WORKLOADS, names(Workload.values()));
    assertEquals(Benchmark.CONTENDERS, names(Contender.values()));
  }

  private static List<String> names(Object[] values) {
    return Arrays.stream(values).map(Object::toString).toList();
  }

  @Test
  void commandLoadsBenchmark() {
    assertEquals(
        ContenderBenchmark.class,
        ServiceLoader.load(Benchmark.class).findFirst().orElseThrow().getClass());
  }
}
