package io.sessionizer.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.Provenance;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.SourcePosition;
import io.sessionizer.records.VisitedPage;
import io.sessionizer.testing.Collected;
import io.sessionizer.visits.LocatedVisit;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitPacket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;

/**
 * Visits of a day, in any order and all of them read before the watermark is known: none is late,
 * whatever order a runner gives them. Each session is written once.
 */
final class ShuffledVisits {
  private static final int VISITS = 100_000;
  private static final int VISIT_IDS = 5_000;
  private static final int MINUTES = 24 * 60;

  /** As many as are read together. */
  private static final int BATCH = 500;

  private static final SessionPolicy POLICY = AnyEngineTest.POLICY;

  private final List<VisitPacket> packets = new ArrayList<>();
  private final List<String> sessions = new ArrayList<>();

  ShuffledVisits(long seed) {
    Random random = new Random(seed);
    Provenance provenance = new Provenance(new SourcePosition("visits", 0, 0), 0);
    List<LocatedVisit> batch = new ArrayList<>();
    Map<String, List<VisitedPage>> pages = new TreeMap<>();
    for (int i = 0; i < VISITS; i++) {
      String visitId = "v" + random.nextInt(VISIT_IDS);
      long time = AnyEngineTest.MIDNIGHT + random.nextInt(MINUTES) * AnyEngineTest.MINUTE;
      VisitedPage page = new VisitedPage(time, "p" + random.nextInt(9), null);
      pages.computeIfAbsent(visitId, none -> new ArrayList<>()).add(page);
      batch.add(
          new LocatedVisit(
              new Visit(visitId, page.eventTimeMillis(), null, page.page()), provenance));
      if (batch.size() == BATCH) {
        packets.addAll(VisitPacket.of(batch));
        batch.clear();
      }
    }
    pages.forEach(
        (visitId, all) ->
            SessionCut.all(visitId, all.stream().sorted().toList(), POLICY)
                .forEach(cut -> sessions.add(described(cut.session(visitId), 1))));
    Collections.sort(sessions);
  }

  /** Runs the stateful engine, and expects the sessions that all visits give, each once. */
  void assertSessionsOn(String... runner) {
    Collected<SessionRecord> changes = new Collected<>();
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(runner).create());
    pipeline
        .apply(Create.of(packets).withCoder(VisitPacket.CODER))
        .apply(SessionizeVisits.with(POLICY, Engine.STATEFUL))
        .get(SessionizeVisits.SESSIONS)
        .apply(changes);
    pipeline.run().waitUntilFinish();

    List<String> formed = new ArrayList<>();
    for (SessionRecord change : changes.elements()) {
      if (change.unpacked() instanceof SessionRecord.Upsert upsert) {
        formed.add(described(upsert.session(), upsert.revision()));
      }
    }
    Collections.sort(formed);
    assertEquals(sessions.size(), changes.elements().size());
    assertEquals(sessions, formed);
  }

  private static String described(Session session, int revision) {
    return session + " " + revision;
  }
}
