package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.kafka.TopicLookup.TopicIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;

/** The offsets that KafkaIO sees, of a topic that is created anew. */
class CheckpointOffsetsTest {
  private static final TopicPartition P0 = new TopicPartition("visits", 0);

  private final Uuid submitted = Uuid.randomUuid();
  private final Uuid recreated = Uuid.randomUuid();
  private final CheckpointOffsets offsets = of(submitted.toString());

  @Test
  void submittedTopicHasKafkasOffsets() {
    offsets.start(P0, Optional.of(submitted));
    assertEquals(3, offsets.next(P0, 3));
    assertEquals(4, offsets.polled(P0, List.of(record(4))).get(0).offset());
    assertEquals(5, offsets.next(P0));
    assertEquals(Set.of(), offsets.recreated(List.of(P0), visits(submitted)));
  }

  @Test
  void recreatedTopicIsInOffsets() {
    offsets.start(P0, Optional.of(submitted));
    assertEquals(Set.of(P0), offsets.recreated(List.of(P0), visits(recreated)));
    assertEquals(Set.of(), offsets.recreated(List.of(P0), visits(recreated)));
    long number = offsets.polled(P0, List.of(record(4))).get(0).offset();
    assertTrue(number > 1L << 48);
    assertEquals(4, of(submitted.toString()).restored(P0, number));
  }

  @Test
  void restoredOffsetKnowsItsTopic() {
    assertEquals(3, offsets.restored(P0, 3));
    assertEquals(Set.of(P0), offsets.recreated(List.of(P0), visits(recreated)));
  }

  @Test
  void unknownTopicIsFirstOneLookedUp() {
    CheckpointOffsets unknown = of(null);
    assertEquals(3, unknown.restored(P0, 3));
    assertEquals(Set.of(), unknown.recreated(List.of(P0), visits(submitted)));
    assertTrue(unknown.isTopicKnown("visits"));
    assertEquals(Set.of(P0), unknown.recreated(List.of(P0), visits(recreated)));
  }

  @Test
  void commitsNoOffsetOfDeletedTopic() {
    offsets.restored(P0, 3);
    var checkpoint = Map.of(P0, new OffsetAndMetadata(3, "metadata"));
    assertEquals(checkpoint, offsets.toCommit(checkpoint));
    offsets.recreated(List.of(P0), visits(recreated));
    assertEquals(Map.of(), offsets.toCommit(checkpoint));
    long number = offsets.next(P0, 2);
    assertEquals(
        Map.of(P0, new OffsetAndMetadata(2)),
        offsets.toCommit(Map.of(P0, new OffsetAndMetadata(number))));
  }

  @Test
  void eachTopicHasItsId() {
    TopicPartition other0 = new TopicPartition("other", 0);
    Uuid other = Uuid.randomUuid();
    CheckpointOffsets both =
        new CheckpointOffsets(
            List.of(
                new SubmittedTopic("visits", submitted.toString(), 1),
                new SubmittedTopic("other", other.toString(), 1)));
    both.start(P0, Optional.of(submitted));
    both.start(other0, Optional.of(other));
    List<TopicPartition> partitions = List.of(P0, other0);
    assertEquals(Set.of(), both.recreated(partitions, visits(submitted)));
    assertEquals(Set.of(), both.recreated(partitions, new TopicIdentity("other", other, 1)));
    assertEquals(Set.of(P0), both.recreated(partitions, visits(recreated)));
    assertEquals(Set.of(), both.recreated(partitions, new TopicIdentity("other", other, 1)));
  }

  private static CheckpointOffsets of(@Nullable String id) {
    return new CheckpointOffsets(List.of(new SubmittedTopic("visits", id, 1)));
  }

  private static TopicIdentity visits(Uuid id) {
    return new TopicIdentity("visits", id, 1);
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset) {
    return new ConsumerRecord<>("visits", 0, offset, new byte[0], new byte[0]);
  }
}
