package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import org.junit.jupiter.api.Test;

/** What both engines keep, with the windows engine on Flink embedded in this process. */
class SessionizeInWindowsOnFlinkIT extends AnyEngineTest {
  @Override
  Engine engine() {
    return Engine.WINDOWS;
  }

  @Override
  String[] runner() {
    return new SessionizeInStateOnFlinkIT().runner();
  }

  @Override
  Comparator<SessionChange> order() {
    return super.order().thenComparing(SessionChange::sessionId);
  }

  /** It is dropped here, too, but Beam's counter of what is dropped stays at 0 on Flink. */
  @Test
  @Override
  void aVisitOneMillisecondBeyondTheLimitIsTooLate() {
    watermark(31 * MINUTE);
    arrive(visit(0, "a"));
    assertEquals(0, expect().dropped());
  }
}
