package io.sessionizer.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** The numbers that KafkaIO keeps in checkpoints. */
class TopicOffsetTest {
  private final Uuid submitted = Uuid.randomUuid();
  private final Uuid other = Uuid.randomUuid();

  @Test
  void ofTheSubmittedTopicStayAsTheyAre() {
    int topic = TopicOffset.topic(submitted, submitted.toString());
    assertEquals(5, new TopicOffset(topic, 5).number());
    assertEquals(new TopicOffset(topic, 5), TopicOffset.of(5));
  }

  @Test
  void ofAnotherTopicCarryIt() {
    int topic = TopicOffset.topic(other, submitted.toString());
    long number = new TopicOffset(topic, 5).number();
    assertTrue(number > 1L << 48);
    assertEquals(new TopicOffset(topic, 5), TopicOffset.of(number));
    assertEquals(number + 3, new TopicOffset(topic, 8).number());
    assertTrue(TopicOffset.isOf(topic, other, submitted.toString()));
    assertFalse(TopicOffset.isOf(topic, submitted, submitted.toString()));
    assertFalse(TopicOffset.isOf(TopicOffset.SUBMITTED, other, submitted.toString()));
  }

  @Test
  void unknownTopicBelongsToSubmittedOne() {
    assertEquals(TopicOffset.SUBMITTED, TopicOffset.topic(other, null));
    assertTrue(TopicOffset.isOf(TopicOffset.SUBMITTED, other, null));
  }
}
