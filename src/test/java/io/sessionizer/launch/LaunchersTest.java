package io.sessionizer.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.kafka.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The differences between the ways to run. */
class LaunchersTest {
  @ParameterizedTest
  @CsvSource({
    "'', DirectLauncher",
    "--runner=direct, DirectLauncher",
    "--runner=FlinkRunner, EmbeddedFlinkLauncher",
    "--runner=FlinkRunner --flinkMaster=[local], EmbeddedFlinkLauncher",
    "--runner=FlinkRunner --flinkMaster=[auto], InsideFlinkLauncher",
    "--runner=FlinkRunner --flinkMaster=host:8081, FlinkClusterLauncher",
    "--runner=FlinkRunner --flinkMaster=https://[::1]:443, FlinkClusterLauncher",
    "--runner=dataflow, DataflowLauncher"
  })
  void runnerAndMasterChooseOne(String flags, String launcher) throws Exception {
    assertEquals(launcher, job(flags).launcher().getClass().getSimpleName());
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "--runner=FlinkRunner, true",
    "--runner=FlinkRunner --flinkMaster=host:8081, false",
    "--runner=FlinkRunner --flinkMaster=host:8081 --stopWhenDrained, true",
    "--runner=DataflowRunner, false",
    "--runner=DataflowRunner --stopWhenDrained, true",
    "--runner=DataflowRunner --stopWhenDrained --templateLocation=gs://my-bucket/job, false"
  })
  void commandWaitsForJobsThatFinish(String flags, boolean waits) throws Exception {
    JobSpec job = job(flags);
    assertEquals(waits, job.launcher().waitsFor(job));
  }

  @ParameterizedTest
  @CsvSource({
    "--engine=stateful, AT_ONCE",
    "--runner=FlinkRunner, AFTER_CHECKPOINT",
    "--runner=FlinkRunner --engine=windows, AFTER_CHECKPOINT",
    "--runner=FlinkRunner --stopWhenDrained, AT_ONCE",
    "--runner=FlinkRunner --checkpointingInterval=-1, AT_ONCE",
    "--runner=FlinkRunner --flinkMaster=host:8081, AFTER_CHECKPOINT",
    "--runner=DataflowRunner --engine=stateful, AFTER_CHECKPOINT",
    "--runner=DataflowRunner --engine=stateful --stopWhenDrained, AFTER_CHECKPOINT",
    "--runner=DataflowRunner --engine=windows, AT_ONCE"
  })
  void outputWaitsWhereTheRunnerCompletesCheckpoints(String flags, Delivery delivery)
      throws Exception {
    JobSpec job = job(flags);
    assertEquals(delivery, job.launcher().delivery(job));
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "--runner=FlinkRunner, true",
    "--runner=FlinkRunner --disableMetrics=true, false",
    "--runner=FlinkRunner --flinkMaster=host:8081 --disableMetrics=true, false"
  })
  void flinkMayRunWithoutMetrics(String flags, boolean hasMetrics) throws Exception {
    assertEquals(hasMetrics, job(flags).hasMetrics());
  }

  private static JobSpec job(String flags) throws Exception {
    List<String> all = new ArrayList<>();
    if (!flags.isEmpty()) {
      all.addAll(List.of(flags.split(" ", -1)));
    }
    if (flags.toLowerCase(Locale.ROOT).contains("dataflow")) {
      all.addAll(
          List.of(
              "--project=my-project-1",
              "--region=europe-west1",
              "--tempLocation=gs://my-bucket/temp",
              "--bootstrapServers=kafka:9092"));
    }
    return Flags.parse(all.toArray(String[]::new));
  }
}
