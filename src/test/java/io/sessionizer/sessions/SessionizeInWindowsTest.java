package io.sessionizer.sessions;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.Timing;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/** What Beam's windows cannot do, pinned here so that a change of it is noticed. */
class SessionizeInWindowsTest extends AnyEngineTest {
  @Override
  Engine engine() {
    return Engine.WINDOWS;
  }

  /** Of one session only: which window is emitted first is the runner's choice. */
  @Override
  Comparator<SessionRecord> order() {
    return super.order().thenComparing(change -> change.sessionId().toString());
  }

  @Test
  void mergedSessionsAreNotRetracted() {
    consume(visit(0, "a"), visit(20 * MINUTE, "c"));
    watermark(36 * MINUTE);
    consume(visit(10 * MINUTE, "b"));
    expect(
        onTime(page(0, "a")),
        onTime(page(20 * MINUTE, "c")),
        late(1, page(10 * MINUTE, "b"), page(20 * MINUTE, "c")));
  }

  @Test
  void movedStartKeepsOldRecord() {
    consume(visit(10 * MINUTE, "b"));
    watermark(26 * MINUTE);
    consume(visit(0, "a"));
    expect(onTime(page(10 * MINUTE, "b")), late(1, page(0, "a"), page(10 * MINUTE, "b")));
  }

  @Test
  void reopenedSessionRestartsRevisions() {
    consume(visit(0, "a"));
    watermark(16 * MINUTE);
    consume(visit(10 * MINUTE, "b"));
    watermark(26 * MINUTE);
    expect(onTime(page(0, "a")), onTime(page(0, "a"), page(10 * MINUTE, "b")));
  }

  /** The sequence of apache/beam#18677: gap 5, no lateness, 0, watermark 6, 3. */
  @Test
  void emittedSessionsCanOverlap() {
    consume(visit(0, "a"));
    watermark(6);
    consume(visit(3, "b"));
    expect(
        SessionPolicy.of(Duration.ofMillis(5), Duration.ZERO),
        onTime(page(0, "a")),
        onTime(page(3, "b")));
  }

  @Test
  void splitInstantRetractsNothing() {
    consume(visit(0, "a"), visit(0, "c"), visit(0, "d"), visit(0, "e"));
    consume(visit(MINUTE, "f"));
    watermark(17 * MINUTE);
    consume(visit(0, "b"));
    expect(
        withRoomFor(2),
        numbered(0, 1, Timing.ON_TIME, EndReason.MAX_BYTES, page(0, "a"), page(0, "c")),
        numbered(0, 2, Timing.LATE, EndReason.MAX_BYTES, page(0, "a"), page(0, "b")),
        numbered(1, 1, Timing.ON_TIME, EndReason.MAX_BYTES, page(0, "d"), page(0, "e")),
        numbered(1, 2, Timing.LATE, EndReason.MAX_BYTES, page(0, "c"), page(0, "d")),
        numbered(2, 2, Timing.LATE, EndReason.INACTIVITY, page(0, "e"), page(MINUTE, "f")),
        onTime(page(MINUTE, "f")));
  }

  @Test
  void lateDuplicateIsOrdinaryLateVisit() {
    consume(visit(0, "a"));
    watermark(16 * MINUTE);
    consume(visit(0, "a"));
    expect(onTime(page(0, "a")), late(2, page(0, "a"), page(0, "a")));
  }
}
