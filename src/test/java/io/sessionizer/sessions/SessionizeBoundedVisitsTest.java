package io.sessionizer.sessions;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stateful engine on bounded input, on the DirectRunner. */
class SessionizeBoundedVisitsTest {

  /**
   * Several threads, each with an instance of the step, have one key after the other, so that an
   * index goes from instance to instance. Of visits that may be late this would not be a test:
   * which of them are depends on which thread is first.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void everyThreadFormsSessionsOfShuffledVisits(int threads) {
    new ShuffledVisits(threads).assertSessionsOn("--targetParallelism=" + threads);
  }
}
