package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** The offsets that KafkaIO sees, of a topic that is created anew. */
class CheckpointOffsetsTest {
  private static final TopicPartition P0 = new TopicPartition("visits", 0);

  private final Uuid submitted = Uuid.randomUuid();
  private final Uuid recreated = Uuid.randomUuid();
  private final CheckpointOffsets offsets = new CheckpointOffsets(submitted.toString());

  @Test
  void submittedTopicHasKafkasOffsets() {
    offsets.start(P0, Optional.of(submitted));
    assertEquals(3, offsets.next(P0, 3));
    assertEquals(4, offsets.polled(P0, List.of(record(4))).get(0).offset());
    assertEquals(5, offsets.next(P0));
    assertEquals(Set.of(), offsets.recreated(List.of(P0), submitted));
  }

  @Test
  void recreatedTopicIsInOffsets() {
    offsets.start(P0, Optional.of(submitted));
    assertEquals(Set.of(P0), offsets.recreated(List.of(P0), recreated));
    assertEquals(Set.of(), offsets.recreated(List.of(P0), recreated));
    long number = offsets.polled(P0, List.of(record(4))).get(0).offset();
    assertTrue(number > 1L << 48);
    assertEquals(4, new CheckpointOffsets(submitted.toString()).restored(P0, number));
  }

  @Test
  void restoredOffsetKnowsItsTopic() {
    assertEquals(3, offsets.restored(P0, 3));
    assertEquals(Set.of(P0), offsets.recreated(List.of(P0), recreated));
  }

  @Test
  void unknownTopicIsFirstOneLookedUp() {
    CheckpointOffsets unknown = new CheckpointOffsets(null);
    assertEquals(3, unknown.restored(P0, 3));
    assertEquals(Set.of(), unknown.recreated(List.of(P0), submitted));
    assertTrue(unknown.isTopicKnown());
    assertEquals(Set.of(P0), unknown.recreated(List.of(P0), recreated));
  }

  @Test
  void commitsNoOffsetOfDeletedTopic() {
    offsets.restored(P0, 3);
    var checkpoint = Map.of(P0, new OffsetAndMetadata(3, "metadata"));
    assertEquals(checkpoint, offsets.toCommit(checkpoint));
    offsets.recreated(List.of(P0), recreated);
    assertEquals(Map.of(), offsets.toCommit(checkpoint));
    long number = offsets.next(P0, 2);
    assertEquals(
        Map.of(P0, new OffsetAndMetadata(2)),
        offsets.toCommit(Map.of(P0, new OffsetAndMetadata(number))));
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset) {
    return new ConsumerRecord<>("visits", 0, offset, new byte[0], new byte[0]);
  }
}
