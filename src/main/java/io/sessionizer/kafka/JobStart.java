package io.sessionizer.kafka;

import java.io.Serializable;
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
 * @param brokers how they connect, and when the job was started
 * @param parser how they parse records
 * @param rules how their watermarks advance
 */
record JobStart(Brokers brokers, ParserSettings parser, WatermarkRules rules)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * By topic of visits, as tests run several jobs in one JVM. Static, because a restored source and
   * the step behind it are deserialized from different starts, and have nothing else in common.
   */
  private static final ConcurrentMap<String, JobStart> ANNOUNCED = new ConcurrentHashMap<>();

  /** Overrides older starts of jobs that read the same topic. */
  void announce(String topic) {
    ANNOUNCED.merge(topic, this, (one, other) -> other.asOf() > one.asOf() ? other : one);
  }

  /**
   * Returns the last start that was announced.
   *
   * @param topic the topic of the visits
   * @param asOf when the source was made, in epoch milliseconds; empty unless the start is newer
   */
  static Optional<JobStart> newerThan(long asOf, String topic) {
    return Optional.ofNullable(ANNOUNCED.get(topic)).filter(start -> start.asOf() > asOf);
  }

  private long asOf() {
    return brokers.asOf();
  }
}
