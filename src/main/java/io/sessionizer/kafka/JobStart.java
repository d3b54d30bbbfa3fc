package io.sessionizer.kafka;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * One start of a job, as far as its readers depend on it.
 *
 * <p>Flink restores the source of a savepoint with the flags of the job's first start. The step
 * behind the source is of the last start, is in the same process, and is set up before the source
 * reads: it announces the last start to the readers.
 *
 * @param topics that they read
 * @param brokers how they connect, and when the job was started
 * @param parser how they parse records
 * @param rules how their watermarks advance
 */
record JobStart(List<String> topics, Brokers brokers, ParserSettings parser, WatermarkRules rules)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * By topic, as tests run several jobs in one JVM. Static, because a restored source and the step
   * behind it are deserialized from different starts, and have nothing else in common.
   */
  private static final ConcurrentMap<String, JobStart> ANNOUNCED = new ConcurrentHashMap<>();

  /** Overrides older starts of jobs that read the same topics. */
  void announce() {
    topics.forEach(
        topic ->
            ANNOUNCED.merge(topic, this, (one, other) -> other.asOf() > one.asOf() ? other : one));
  }

  /**
   * Requires that saved state is of a job that reads the topics of this start: the partitions are
   * part of the state, so topics that are added would not be read, and others would be.
   *
   * @param saved those of the saved state
   */
  void requireTopics(List<String> saved) {
    if (!saved.equals(topics)) {
      throw new IllegalStateException(
          "the saved state is of a job with --visitsTopic=%s, and this one has --visitsTopic=%s: give it the topics of that job, or start it without saved state"
              .formatted(String.join(",", saved), String.join(",", topics)));
    }
  }

  /**
   * Returns the last start that was announced.
   *
   * @param topic one of the topics of the visits
   * @param asOf when the source was made, in epoch milliseconds; empty unless the start is newer
   */
  static Optional<JobStart> newerThan(long asOf, String topic) {
    return Optional.ofNullable(ANNOUNCED.get(topic)).filter(start -> start.asOf() > asOf);
  }

  private long asOf() {
    return brokers.asOf();
  }
}
