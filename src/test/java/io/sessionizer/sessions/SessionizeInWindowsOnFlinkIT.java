package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.visits.Visit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The scripts of the windows engine on Flink embedded in this process. */
class SessionizeInWindowsOnFlinkIT extends SessionizeInWindowsTest {
  /** Flags of the runner that take the place of the other scripts'. */
  private List<String> flags = List.of();

  @Override
  String[] runner() {
    return Stream.concat(
            Stream.of(new SessionizeInShardsOnFlinkIT().runner())
                .filter(flag -> flags.isEmpty() || !flag.startsWith("--maxBundleSize")),
            flags.stream())
        .toArray(String[]::new);
  }

  /** The step of the windows passes no watermark on while a bundle lasts, as that of the third. */
  @Test
  void visitIsLateWithinBundleOfWatermark() {
    flags = List.of("--maxBundleSize=2", "--maxBundleTimeMills=60000");
    Visit ofSameShard = other(207, 29);
    consume(other(28, 28), ofSameShard);
    consume(ofSameShard);
    watermark(29 * MINUTE);
    consume(visit(0, "a"));
    consume(visit(MINUTE, "b"));
    assertEquals(
        List.of(Timing.LATE, Timing.LATE),
        run(POLICY).changes().stream()
            .filter(change -> change.visitId().equals("visit"))
            .map(SessionRecord::unpacked)
            .map(change -> ((Upsert) change).timing())
            .toList());
  }

  private static Visit other(int number, long minute) {
    return new Visit("other" + number, MIDNIGHT + minute * MINUTE, null, "page");
  }
}
