package io.sessionizer.sessions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stateful engine on bounded input, on Flink embedded in this process. */
class SessionizeBoundedVisitsOnFlinkIT {

  /** Flink sorts by key; a step's instance then has all visits of one shard after the other. */
  @ParameterizedTest
  @ValueSource(strings = {"--objectReuse=true", "--objectReuse=false"})
  void batchFormsSessionsOfShuffledVisits(String objectReuse) {
    new ShuffledVisits(5)
        .assertSessionsOn(
            "--runner=FlinkRunner", "--streaming=false", "--parallelism=2", objectReuse);
  }

  @Test
  void streamFormsSessionsOfShuffledVisits() {
    new ShuffledVisits(6)
        .assertSessionsOn(
            "--runner=FlinkRunner",
            "--streaming=true",
            "--parallelism=2",
            "--objectReuse=true",
            "--fasterCopy=true");
  }
}
