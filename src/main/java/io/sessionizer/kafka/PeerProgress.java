package io.sessionizer.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange of progress between the JVMs of a job, through the metadata of the group's offsets:
 * each commits that of its own partitions, and one with an idle partition reads that of the others.
 *
 * <p>Offsets are committed when a checkpoint is complete, so reports are as old as that, and
 * without checkpoints there are none. Reports of another job of the same group are ignored, and so
 * are those of an earlier run of this one: a job that is submitted again has another id.
 */
final class PeerProgress {
  private static final Logger LOG = LoggerFactory.getLogger(PeerProgress.class);
  private static final long BETWEEN_REQUESTS = Duration.ofSeconds(5).toMillis();
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final UUID job;
  private final List<String> topics;
  private final PartitionWatermarks watermarks;
  private long nextRequest = Long.MIN_VALUE;

  /**
   * Creates the exchange of one JVM.
   *
   * @param topics all that the job reads, whose partitions may all be read elsewhere
   * @param watermarks those of the partitions that are read here
   */
  PeerProgress(UUID job, List<String> topics, PartitionWatermarks watermarks) {
    this.job = job;
    this.topics = topics;
    this.watermarks = watermarks;
  }

  /** Returns offsets to commit, with the progress of their partitions as metadata. */
  Map<TopicPartition, OffsetAndMetadata> withProgress(
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, OffsetAndMetadata> reporting = new HashMap<>(offsets);
    reporting.replaceAll(
        (partition, offset) ->
            watermarks
                .progress(partition)
                .map(
                    progress ->
                        new OffsetAndMetadata(
                            offset.offset(), offset.leaderEpoch(), progress.metadata(job)))
                .orElse(offset));
    return reporting;
  }

  /**
   * Requests the newest event times of those partitions of {@code consumer} that are resumed from a
   * checkpoint, which has only their watermarks.
   */
  void restore(Consumer<?, ?> consumer) {
    Set<TopicPartition> restored = new HashSet<>(consumer.assignment());
    restored.removeIf(partition -> !watermarks.isNewestEstimated(partition));
    if (!restored.isEmpty()) {
      request(consumer, () -> restored, watermarks::restore);
    }
  }

  /**
   * Requests the progress of the partitions that other JVMs read, every few seconds, if there are
   * any and a partition of {@code consumer} is idle.
   */
  void refresh(Consumer<?, ?> consumer, long now) {
    if (now < nextRequest || consumer.assignment().stream().noneMatch(watermarks::isIdle)) {
      return;
    }
    nextRequest = now + BETWEEN_REQUESTS;
    request(consumer, () -> readElsewhere(consumer, now), watermarks::received);
  }

  private void request(
      Consumer<?, ?> consumer,
      Supplier<Set<TopicPartition>> partitions,
      BiConsumer<TopicPartition, PartitionProgress> each) {
    try {
      Set<TopicPartition> requested = partitions.get();
      if (!requested.isEmpty()) {
        consumer
            .committed(requested, TIMEOUT)
            .forEach(
                (partition, offset) ->
                    progress(offset).ifPresent(progress -> each.accept(partition, progress)));
      }
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.debug("the group's offsets cannot be read, trying again later", e);
    }
  }

  private Set<TopicPartition> readElsewhere(Consumer<?, ?> consumer, long now) {
    Set<TopicPartition> elsewhere = new HashSet<>();
    for (String topic : topics) {
      elsewhere.addAll(TopicPartitions.of(consumer.partitionsFor(topic, TIMEOUT)));
    }
    elsewhere.removeIf(partition -> watermarks.isReadHere(partition, now));
    return elsewhere;
  }

  /** {@code offset} is null for a partition of which none is committed. */
  private Optional<PartitionProgress> progress(@Nullable OffsetAndMetadata offset) {
    return offset == null ? Optional.empty() : PartitionProgress.of(offset.metadata(), job);
  }
}
