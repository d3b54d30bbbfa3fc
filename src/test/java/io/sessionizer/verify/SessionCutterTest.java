package io.sessionizer.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.Timing;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.sessions.AnyFields;
import io.sessionizer.sessions.AnyRules;
import io.sessionizer.sessions.CutSessions;
import io.sessionizer.sessions.SessionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The verification and the engines cut the same sessions, which have no code in common. */
class SessionCutterTest {
  private static final String VISIT_ID = "v\u00e9\"";

  /** What a session's record has besides its visits and its largest user id. */
  private static final int FRAME = 512 + 5 + 3;

  @Property(tries = 10_000)
  void cutsAsEnginesDo(@ForAll long seed) {
    Random random = new Random(seed);
    SessionPolicy policy =
        new SessionPolicy(
                Duration.ofMillis(1L + random.nextInt(15)),
                Duration.ZERO,
                Duration.ofMillis(random.nextBoolean() ? 1_000 : 1 + random.nextInt(20)),
                random.nextBoolean() ? 1_000 : 1 + random.nextInt(6),
                random.nextBoolean() ? 900_000 : FRAME + random.nextInt(500),
                random.nextBoolean())
            .with(AnyRules.of(random, List.of("", "p", "\u20ac"), List.of("", "u\\")));
    List<VisitedPage> visits = new ArrayList<>();
    for (int i = random.nextInt(30); i >= 0; i--) {
      visits.add(visit(random));
    }
    List<Upsert> expected = CutSessions.of(VISIT_ID, visits.stream().sorted().toList(), policy);
    assertEquals(expected, cut(visits, policy), policy::toString);
  }

  private static List<Upsert> cut(List<VisitedPage> visits, SessionPolicy policy) {
    SessionCutter cutter =
        new SessionCutter(VerifyRulesBuilder.of(policy).build(), VISIT_ID.getBytes(UTF_8));
    visits.stream()
        .sorted((a, b) -> Long.compare(a.eventTimeMillis(), b.eventTimeMillis()))
        .map(page -> new AcceptedVisit(VISIT_ID.getBytes(UTF_8), page, 0, 0, false, false, false))
        .forEach(cutter::add);
    cutter.finish();
    List<Upsert> sessions = new ArrayList<>();
    for (ExpectedSession next = cutter.poll(); next != null; next = cutter.poll()) {
      sessions.add(new Upsert(next.session(), 1, Timing.ON_TIME, next.endReason()));
    }
    return sessions;
  }

  private static VisitedPage visit(Random random) {
    String[] pages = {null, "", "p", "p\n", "\"", "\u20ac", "\ud83d\ude00", "p".repeat(60)};
    return new VisitedPage(
        10L * random.nextInt(6) + random.nextInt(3) - 30,
        pages[random.nextInt(pages.length)],
        random.nextBoolean() ? null : "u\\".repeat(random.nextInt(3) * 7 % 13),
        AnyFields.of(random));
  }
}
