package io.sessionizer.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the JVMs of a job hear of each other's partitions: whoever commits an offset says in its
 * metadata where the partition stands, and whoever has an idle partition asks for what the group
 * has committed for those that others read.
 *
 * <p>Offsets are committed when a checkpoint is complete, so the news is as old as that, and
 * without checkpoints there is none. What another job of the same group has said does not count,
 * nor what an earlier run of this one has: a job that is submitted again has another id.
 */
final class PeerProgress {
  private static final Logger LOG = LoggerFactory.getLogger(PeerProgress.class);
  private static final long BETWEEN_LOOKS = Duration.ofSeconds(5).toMillis();
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final UUID job;
  private final PartitionWatermarks watermarks;
  private long nextLook = Long.MIN_VALUE;

  PeerProgress(UUID job, PartitionWatermarks watermarks) {
    this.job = job;
    this.watermarks = watermarks;
  }

  /** Returns offsets to commit, with where their partitions stand. */
  Map<TopicPartition, OffsetAndMetadata> told(Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> told = new HashMap<>(offsets);
    told.replaceAll(
        (partition, offset) ->
            watermarks
                .standing(partition)
                .map(
                    standing ->
                        new OffsetAndMetadata(
                            offset.offset(), offset.leaderEpoch(), standing.metadata(job)))
                .orElse(offset));
    return told;
  }

  /**
   * Asks for the newest event times of the partitions of {@code consumer} that are read on from a
   * checkpoint, which has only their watermarks.
   */
  void recall(Consumer<?, ?> consumer) {
    Set<TopicPartition> restored = new HashSet<>(consumer.assignment());
    restored.removeIf(partition -> !watermarks.isNewestGuessed(partition));
    if (!restored.isEmpty()) {
      ask(consumer, () -> restored, watermarks::recalled);
    }
  }

  /**
   * Looks for news of the partitions that are read elsewhere, if there are any and a partition of
   * {@code consumer} is idle, every few seconds.
   */
  void listen(Consumer<?, ?> consumer, long now) {
    if (now < nextLook || consumer.assignment().stream().noneMatch(watermarks::isIdle)) {
      return;
    }
    nextLook = now + BETWEEN_LOOKS;
    ask(consumer, () -> readElsewhere(consumer, now), watermarks::heard);
  }

  private void ask(
      Consumer<?, ?> consumer,
      Supplier<Set<TopicPartition>> partitions,
      BiConsumer<TopicPartition, PartitionProgress> each) {
    try {
      Set<TopicPartition> asked = partitions.get();
      if (!asked.isEmpty()) {
        consumer
            .committed(asked, PATIENCE)
            .forEach(
                (partition, offset) ->
                    said(offset).ifPresent(standing -> each.accept(partition, standing)));
      }
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.debug("the group's offsets cannot be read, asking again later", e);
    }
  }

  private Set<TopicPartition> readElsewhere(Consumer<?, ?> consumer, long now) {
    Set<TopicPartition> elsewhere = new HashSet<>();
    for (TopicPartition mine : consumer.assignment()) {
      for (PartitionInfo info : consumer.partitionsFor(mine.topic(), PATIENCE)) {
        elsewhere.add(new TopicPartition(info.topic(), info.partition()));
      }
    }
    elsewhere.removeIf(partition -> watermarks.isReadHere(partition, now));
    return elsewhere;
  }

  /** {@code offset} is null for a partition without. */
  private Optional<PartitionProgress> said(@Nullable OffsetAndMetadata offset) {
    return offset == null ? Optional.empty() : PartitionProgress.of(offset.metadata(), job);
  }
}
