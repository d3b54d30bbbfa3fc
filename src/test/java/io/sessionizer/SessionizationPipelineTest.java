package io.sessionizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.EndReason;
import io.sessionizer.records.Provenance;
import io.sessionizer.records.Reason;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SessionRecord.Upsert;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.Timing;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.testing.Batches;
import io.sessionizer.testing.Collected;
import io.sessionizer.testing.ModelSessionizer;
import io.sessionizer.visits.ConsumedBatch;
import io.sessionizer.visits.ConsumedRecord;
import io.sessionizer.visits.LateVisit;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/**
 * The whole graph, from consumed records in memory to changes in memory, against the naive model.
 */
class SessionizationPipelineTest {
  private static final long MIDNIGHT = 1_704_067_200_000L;
  private static final long MINUTE = 60_000;
  private static final SessionPolicy POLICY =
      SessionPolicy.of(Duration.ofMinutes(16), Duration.ofMinutes(15));
  private static final Comparator<Session> BY_VISIT_ID_AND_START =
      Comparator.comparing(Session::visitId).thenComparingLong(Session::startMillis);

  /** What a run wrote; sessions by visit id and start. */
  private record Written(List<SessionRecord> sessions, List<DeadLetter> deadLetters) {}

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void shuffledVisitsFormSessionsOfModel(
      @ForAll Engine engine, @ForAll("visits") List<Visit> visits, @ForAll Random random) {
    List<Visit> shuffled = new ArrayList<>(visits);
    Collections.shuffle(shuffled, random);
    TestStream.Builder<ConsumedBatch> stream = TestStream.create(ConsumedBatch.CODER);
    while (!shuffled.isEmpty()) {
      List<Visit> together = shuffled.subList(0, 1 + random.nextInt(Math.min(5, shuffled.size())));
      stream = stream.addElements(records(together));
      together.clear();
    }
    assertEquals(new Written(expected(visits), List.of()), run(stream, engine));
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void outOfOrderVisitsFormSessionsOnTime(
      @ForAll Engine engine, @ForAll("visits") List<Visit> visits, @ForAll Random random) {
    record Late(Visit visit, long arrivesAt) {}
    List<Late> delayed = new ArrayList<>();
    visits.forEach(
        visit -> delayed.add(new Late(visit, visit.eventTimeMillis() + random.nextLong(MINUTE))));
    delayed.sort(Comparator.comparingLong(Late::arrivesAt));

    TestStream.Builder<ConsumedBatch> stream = TestStream.create(ConsumedBatch.CODER);
    long newest = Long.MIN_VALUE;
    for (Late next : delayed) {
      stream = stream.addElements(records(List.of(next.visit())));
      if (next.visit().eventTimeMillis() > newest) {
        newest = next.visit().eventTimeMillis();
        stream = stream.advanceWatermarkTo(Instant.ofEpochMilli(newest - MINUTE));
      }
    }
    assertEquals(new Written(expected(visits), List.of()), run(stream, engine));
  }

  @Property(tries = 2)
  void rejectedRecordReachesDeadLettersWhole(@ForAll Engine engine) {
    Provenance provenance = new Provenance(new SourcePosition("visits", 1, 42), 7);
    byte[] key = {1};
    byte[] value = {2, 3};
    Written written =
        run(
            TestStream.create(ConsumedBatch.CODER)
                .addElements(
                    TimestampedValue.of(
                        Batches.of(
                            List.of(
                                consumed(new Visit("a", MIDNIGHT, null, "index")),
                                new ConsumedRecord(
                                    provenance,
                                    key,
                                    new Rejection(Reason.NOT_JSON, "no JSON", value)))),
                        Instant.ofEpochMilli(MIDNIGHT))),
            engine);
    assertEquals(
        new Written(
            expected(List.of(new Visit("a", MIDNIGHT, null, "index"))),
            List.of(new DeadLetter(provenance, key, value, Reason.NOT_JSON, "no JSON"))),
        written);
  }

  /** A few visit ids, steps around the gap, equal times, missing pages and users. */
  @Provide
  Arbitrary<List<Visit>> visits() {
    Arbitrary<Long> minutes =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 120).map(minute -> minute * MINUTE),
            Arbitraries.longs().between(0, 8).map(step -> step * 16 * MINUTE - 1),
            Arbitraries.longs().between(0, 8).map(step -> step * 16 * MINUTE));
    return Combinators.combine(
            Arbitraries.of("a", "b", "c@1"),
            minutes,
            Arbitraries.of("user 1", "user 2").injectNull(0.3),
            Arbitraries.of("index", "home", "contact").injectNull(0.1))
        .as((id, time, user, page) -> new Visit(id, MIDNIGHT + time, user, page))
        .list()
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  private static Written run(TestStream.Builder<ConsumedBatch> stream, Engine engine) {
    Collected<SessionRecord> changes = new Collected<>();
    Collected<LateVisit> late = new Collected<>();
    Collected<DeadLetter> deadLetters = new Collected<>();
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--targetParallelism=1").create());
    SessionizationPipeline.assemble(
        pipeline,
        new Edges(stream.advanceWatermarkToInfinity(), changes, late, deadLetters),
        POLICY,
        engine);
    pipeline.run().waitUntilFinish();
    return new Written(
        changes.elements().stream()
            .map(SessionRecord::unpacked)
            .map(Upsert.class::cast)
            .sorted(Comparator.comparing(Upsert::session, BY_VISIT_ID_AND_START))
            .map(SessionRecord.class::cast)
            .toList(),
        deadLetters.elements());
  }

  private static List<SessionRecord> expected(List<Visit> visits) {
    return ModelSessionizer.sessions(visits, POLICY.gap()).stream()
        .sorted(BY_VISIT_ID_AND_START)
        .map(
            session -> (SessionRecord) new Upsert(session, 1, Timing.ON_TIME, EndReason.INACTIVITY))
        .toList();
  }

  private static TimestampedValue<ConsumedBatch> records(List<Visit> readTogether) {
    return TimestampedValue.of(
        Batches.of(readTogether.stream().map(SessionizationPipelineTest::consumed).toList()),
        Instant.ofEpochMilli(
            readTogether.stream().mapToLong(Visit::eventTimeMillis).min().orElseThrow()));
  }

  private static ConsumedRecord consumed(Visit visit) {
    return new ConsumedRecord(new Provenance(new SourcePosition("visits", 0, 0), 0), null, visit);
  }
}
