package io.sessionizer.kafka;

import org.apache.kafka.common.Uuid;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * An offset and the topic that it belongs to: a topic that is deleted and created anew has the same
 * name and starts at offset 0 again. KafkaIO keeps offsets in checkpoints as one number, which is
 * therefore composed of both: the topic in the highest bits, the offset below. As long as the topic
 * is the one that the job was submitted for, the number is the offset.
 *
 * <p>For example, offset 3 of a topic created anew whose id is hashed to 7 is {@code 7 * 2^48 + 3}.
 *
 * @param topic 0 for the topic that the job was submitted for, else a hash of the topic's id
 * @param offset the offset in a partition of that topic
 */
record TopicOffset(int topic, long offset) {
  /** The topic that the job was submitted for. */
  static final int SUBMITTED = 0;

  private static final int OFFSET_BITS = 48;
  private static final int TOPICS = 1 << (Long.SIZE - 1 - OFFSET_BITS);

  /** Returns the offset of a number that KafkaIO keeps. */
  static TopicOffset of(long number) {
    return new TopicOffset((int) (number >>> OFFSET_BITS), number & ((1L << OFFSET_BITS) - 1));
  }

  /** Returns the number that KafkaIO keeps. */
  long number() {
    return ((long) topic << OFFSET_BITS) + offset;
  }

  /**
   * Returns the hash of a topic's id, or 0 for the topic that the job was submitted for.
   *
   * @param submitted the id of the topic that the job was submitted for; null if unknown
   */
  static int topic(Uuid id, @Nullable String submitted) {
    return submitted == null || id.toString().equals(submitted) ? SUBMITTED : numberOf(id);
  }

  /** Returns whether {@code topic} is that of an id. */
  static boolean isOf(int topic, Uuid id, @Nullable String submitted) {
    return topic == SUBMITTED
        ? submitted == null || id.toString().equals(submitted)
        : topic == numberOf(id);
  }

  private static int numberOf(Uuid id) {
    return 1 + Math.floorMod(id.hashCode(), TOPICS - 1);
  }
}
