package io.sessionizer.sessions;

import io.sessionizer.visits.LocatedVisit;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** The scripts of the stateful engine, by shards. */
class SessionizeInShardsTest extends SessionizeInStateTest {
  @Override
  PTransform<PCollection<List<LocatedVisit>>, PCollectionTuple> sessionize(SessionPolicy policy) {
    return new SessionizeInShards(policy);
  }
}
