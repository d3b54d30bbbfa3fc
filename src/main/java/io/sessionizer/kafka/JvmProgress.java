package io.sessionizer.kafka;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The progress of all partitions that one JVM reads for one job.
 *
 * @param watermarks their watermarks
 * @param positions how far they were polled
 * @param changes what happened to their topic
 * @param gate whether their offsets may be committed
 * @param reports that the job runs
 */
record JvmProgress(
    PartitionWatermarks watermarks,
    ReadPositions positions,
    TopicChanges changes,
    CommitGate gate,
    InstanceReports reports) {
  /**
   * One for each job of this JVM. Static, because KafkaIO deserializes copies of its timestamp
   * policies, consumer factory and deserializer for every reader, and these have nothing else in
   * common.
   */
  private static final ConcurrentMap<UUID, JvmProgress> BY_JOB = new ConcurrentHashMap<>();

  /** Returns that of a job, which is created with the first partition that is opened. */
  static JvmProgress of(UUID job, WatermarkRules rules) {
    return BY_JOB.computeIfAbsent(
        job,
        id ->
            new JvmProgress(
                new PartitionWatermarks(rules),
                new ReadPositions(rules.idleAfter()),
                new TopicChanges(),
                new CommitGate(),
                new InstanceReports(id)));
  }

  /** Returns that of a job; empty if no partition of it was opened in this JVM. */
  static Optional<JvmProgress> of(UUID job) {
    return Optional.ofNullable(BY_JOB.get(job));
  }

  /**
   * Opens a partition, or opens it again.
   *
   * @param restored its watermark in the checkpoint that is resumed, if there is one
   * @param now the wall clock
   */
  void open(TopicPartition partition, OptionalLong restored, long now) {
    watermarks.open(partition, restored, now);
    positions.reset(partition);
  }
}
