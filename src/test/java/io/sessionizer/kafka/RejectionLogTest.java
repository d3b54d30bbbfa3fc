package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import io.sessionizer.records.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RejectionLogTest {
  private final List<String> lines = new ArrayList<>();
  private long seconds = -1; // System.nanoTime() may be negative
  private final RejectionLog log =
      new RejectionLog("./sessionizer tail", () -> TimeUnit.SECONDS.toNanos(seconds), lines::add);

  @Test
  void firstLineHasReasonsAndPositions() {
    log.add(letter(Reason.EMPTY, 7));
    log.add(letter(Reason.NOT_JSON, 8));
    log.add(letter(Reason.NOT_JSON, 9));
    log.logOnceAMinute();
    assertEquals(
        List.of(
            "rejected 3; logged at most once a minute: 2 NOT_JSON (visits-1@8),"
                + " 1 EMPTY (visits-1@7); ./sessionizer tail shows them"),
        lines);
  }

  @Test
  void logsAtMostOnceAMinute() {
    log.add(letter(Reason.EMPTY, 1));
    log.logOnceAMinute();
    seconds += 59;
    log.add(letter(Reason.EMPTY, 2));
    log.add(letter(Reason.NOT_JSON, 3));
    log.logOnceAMinute();
    assertEquals(1, lines.size());

    seconds += 1;
    log.logOnceAMinute();
    log.logOnceAMinute();
    assertEquals(2, lines.size());
    assertEquals(
        "rejected 2 more: 1 NOT_JSON (visits-1@3), 1 EMPTY (visits-1@2); ./sessionizer tail shows them",
        lines.get(1));
  }

  @Test
  void isSilentWithoutRejections() {
    log.logOnceAMinute();
    assertEquals(List.of(), lines);
  }

  private static DeadLetter letter(Reason reason, long offset) {
    return new DeadLetter(
        new Provenance(new SourcePosition("visits", 1, offset), 0), null, null, reason, "");
  }
}
