package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sessionizer.records.SessionStart;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;

/** All records of one visit id are in one partition, in order. */
class VisitIdPartitionerTest {
  private static final Node NODE = new Node(1, "localhost", 9092);

  @Property
  void partitionsSessionsByVisitId(
      @ForAll String visitId, @ForAll long start, @ForAll @IntRange int ordinal) {
    SessionStart sessionStart = new SessionStart(start, ordinal);
    assertEquals(
        BuiltInPartitioner.partitionForKey(visitId.getBytes(UTF_8), 7),
        partition(visitId + '@' + sessionStart));
  }

  @Example
  void visitIdMayContainAtSign() {
    assertEquals(partition("kim@example.org@1"), partition("kim@example.org@2"));
  }

  private static int partition(String key) {
    List<PartitionInfo> partitions =
        IntStream.range(0, 7)
            .mapToObj(i -> new PartitionInfo("sessions", i, NODE, null, null))
            .toList();
    Cluster cluster = new Cluster("id", List.of(NODE), partitions, Set.of(), Set.of());
    return new VisitIdPartitioner()
        .partition("sessions", key, key.getBytes(UTF_8), null, null, cluster);
  }
}
