package io.sessionizer.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.records.Session;
import io.sessionizer.sessions.AnyFields;
import io.sessionizer.sessions.SessionRules;
import io.sessionizer.sessions.SessionRules.FieldValue;
import io.sessionizer.sessions.VisitField;
import io.sessionizer.verify.ScriptedJob.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every injected fault is found, and none is invented. */
class VerificationTest {
  private static final SessionRules RULES =
      new SessionRules(
          List.of(VisitField.USER_ID, VisitField.named(AnyFields.NAMES.get(0))),
          List.of(
              new FieldValue(VisitField.PAGE, "page 1"),
              new FieldValue(VisitField.named(AnyFields.NAMES.get(1)), "true")),
          ZoneOffset.UTC);

  @Provide
  Arbitrary<Random> randoms() {
    return Arbitraries.longs().map(Random::new);
  }

  @Property(tries = 200)
  void findsNothingInRightOutput(@ForAll("randoms") Random random) throws Exception {
    ScriptedJob job = new ScriptedJob(random);
    Outcome outcome = job.verify(ScriptedJob.rules(false), 2_000);
    assertEquals(List.of(), outcome.differences());
    assertEquals(job.table.size(), outcome.verdict().right());
    assertEquals(0, outcome.verdict().unchecked());
    assertEquals(hash(job.table), outcome.verdict().hash());
  }

  @Property(tries = 200)
  void findsNothingInRightOutputByRules(@ForAll("randoms") Random random) throws Exception {
    ScriptedJob job = new ScriptedJob(random, RULES);
    Outcome outcome = job.verify(ScriptedJob.rules(false, RULES), 2_000);
    assertEquals(List.of(), outcome.differences());
    assertEquals(job.table.size(), outcome.verdict().right());
    assertEquals(hash(job.table), outcome.verdict().hash());
    String summary =
        String.join(
            "\n",
            outcome
                .verdict()
                .summary(
                    ScriptedJob.rules(false, RULES),
                    new Verification.Sources(
                        job.visits, job.sessions, job.lateVisits, job.deadLetters),
                    Instant.EPOCH));
    assertTrue(
        summary.contains(
            "time zone Z, split on user_id and /ad, end on page=page 1 and lower(/step)=true,"
                + " split at midnight\n"),
        summary);
  }

  /** The hash as it is defined. */
  private static String hash(List<Session> table) throws Exception {
    TreeMap<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
    table.forEach(
        session ->
            sorted.put(
                session.id().toString().getBytes(StandardCharsets.UTF_8),
                ScriptedJob.JSON.write(session)));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    sorted.forEach(
        (key, value) -> {
          all.writeBytes(key);
          all.write(0);
          all.writeBytes(value);
          all.write('\n');
        });
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all.toByteArray()));
  }

  @ParameterizedTest
  @EnumSource
  void findsInjectedFault(InjectedFault fault) throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      ScriptedJob job =
          new ScriptedJob(new Random(seed), seed % 2 == 0 ? SessionRules.NONE : RULES);
      Set<String> places = fault.into(job);
      List<Difference> found = job.verify().differences();
      assertFalse(found.isEmpty(), fault + " with seed " + seed);
      for (Difference difference : found) {
        assertTrue(
            places.contains(String.valueOf(difference.visitId()))
                || places.contains(difference.position()),
            fault + " with seed " + seed + " is at " + places + ": " + difference);
      }
    }
  }
}
