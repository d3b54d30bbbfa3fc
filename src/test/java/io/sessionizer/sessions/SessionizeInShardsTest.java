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
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;

/** The scripts of the stateful engine, by shards. */
class SessionizeInShardsTest extends SessionizeInStateTest {
  @Override
  PTransform<PCollection<VisitPacket>, PCollectionTuple> sessionize(SessionPolicy policy) {
    return new SessionizeInShards(policy);
  }

  /** The watermark is unknown until all is read, and then it is the end of time. */
  @Test
  void formsSessionsOfShuffledBoundedInput() {
    Random random = new Random(1);
    Provenance provenance = new Provenance(new SourcePosition("visits", 0, 0), 0);
    List<LocatedVisit> visits = new ArrayList<>();
    Map<String, List<VisitedPage>> pages = new TreeMap<>();
    for (int i = 0; i < 100_000; i++) {
      String visitId = "v" + random.nextInt(5_000);
      VisitedPage page =
          new VisitedPage(
              MIDNIGHT + random.nextInt(24 * 60) * MINUTE, "p" + random.nextInt(9), null);
      pages.computeIfAbsent(visitId, none -> new ArrayList<>()).add(page);
      visits.add(
          new LocatedVisit(
              new Visit(visitId, page.eventTimeMillis(), null, page.page()), provenance));
    }
    List<String> expected = new ArrayList<>();
    pages.forEach(
        (visitId, all) ->
            SessionCut.all(visitId, all.stream().sorted().toList(), POLICY)
                .forEach(cut -> expected.add(described(cut.session(visitId), 1))));
    List<VisitPacket> packets = new ArrayList<>();
    for (int from = 0; from < visits.size(); from += 500) {
      packets.addAll(VisitPacket.of(visits.subList(from, from + 500)));
    }
    Collected<SessionRecord> changes = new Collected<>();

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(runner()).create());
    pipeline
        .apply(Create.of(packets).withCoder(VisitPacket.CODER))
        .apply(sessionize(POLICY))
        .get(SessionizeVisits.SESSIONS)
        .apply(changes);
    pipeline.run().waitUntilFinish();

    List<String> formed = new ArrayList<>();
    for (SessionRecord change : changes.elements()) {
      if (change.unpacked() instanceof SessionRecord.Upsert upsert) {
        formed.add(described(upsert.session(), upsert.revision()));
      }
    }
    Collections.sort(expected);
    Collections.sort(formed);
    assertEquals(expected.size(), changes.elements().size());
    assertEquals(expected, formed);
  }

  private static String described(Session session, int revision) {
    return session + " " + revision;
  }
}
