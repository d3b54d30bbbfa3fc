package io.sessionizer.metrics;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.StringSet;

/**
 * A metric of the job: its type, unit, addresses and meaning.
 *
 * <p>It has an address in Beam, a namespace and a name, and another one in Prometheus. Flink
 * reports {@code NAMESPACE.NAME}, and dashboards and alerts query that: an address never changes. A
 * namespace is the name that a class had when the metric was added, even if the class is moved or
 * renamed.
 */
public enum JobMetric {
  JOB_RUNNING(Type.STATE, Unit.BOOLEAN, "", "job_running", "1 while the job runs, else 0."),

  VISITS_READ(
      Type.COUNTER,
      Unit.RECORDS,
      Namespace.ROUTE_VISITS,
      "visits_read",
      "Records read from the visits topic."),

  VISITS_REJECTED(
      Type.COUNTER,
      Unit.RECORDS,
      Namespace.ROUTE_VISITS,
      "visits_rejected",
      "Records read that were rejected."),

  /** In Beam, a reason follows the name. */
  VISITS_REJECTED_BY_REASON(
      Type.COUNTER_BY_REASON,
      Unit.RECORDS,
      Namespace.ROUTE_VISITS,
      "visits_rejected_",
      "visits_rejected_by_reason",
      "Records read that were rejected, by the reason."),

  /** Texts {@code REASON topic-partition@offset}. */
  VISITS_REJECTED_AT(
      Type.TEXTS,
      Unit.POSITIONS,
      Namespace.ROUTE_VISITS,
      "visits_rejected_at",
      "Positions of some rejected records, at least one for each reason."),

  VISITS_FILTERED(
      Type.COUNTER,
      Unit.RECORDS,
      Namespace.ROUTE_VISITS,
      "visits_filtered",
      "Records read that --where leaves out."),

  VISITS_EXCLUDED(
      Type.COUNTER,
      Unit.RECORDS,
      Namespace.ROUTE_VISITS,
      "visits_excluded",
      "Records read that --privateVisits=exclude leaves out."),

  VISITS_OVERLAP(
      Type.COUNTER,
      Unit.VISITS,
      Namespace.ROUTE_VISITS,
      "visits_overlap",
      "Visits skipped, since they are beyond the seam."),

  VISITS_ACCEPTED(
      Type.COUNTER,
      Unit.VISITS,
      Namespace.SESSIONIZE_VISITS,
      "visits_accepted",
      "Visits accepted into sessions."),

  VISITS_LATE(
      Type.COUNTER,
      Unit.VISITS,
      Namespace.SESSIONIZE_VISITS,
      "visits_late",
      "Visits that were too late."),

  VISITS_OPEN(
      Type.UNEXPORTED_COUNTER,
      Unit.VISITS,
      Namespace.SESSIONIZE_VISITS,
      "visits_open",
      "Visits of sessions that are open at the seam."),

  VISIT_IDS_HELD(
      Type.UP_DOWN_COUNTER,
      Unit.VISIT_IDS,
      Namespace.SESSIONIZE_VISITS,
      "visit_ids_held",
      "Visit ids with open state in the stateful engine."),

  SHARD_INDEX_BYTES(
      Type.UP_DOWN_COUNTER,
      Unit.BYTES,
      Namespace.SESSIONIZE_VISITS,
      "shard_index_bytes",
      "Memory of the indexes of the stateful engine."),

  SHARD_LOG_BYTES(
      Type.UP_DOWN_COUNTER,
      Unit.BYTES,
      Namespace.SESSIONIZE_VISITS,
      "shard_log_bytes",
      "Saved state of the stateful engine: the logs of its shards."),

  WINDOWS_OVER_CAP(
      Type.UP_DOWN_COUNTER,
      Unit.WINDOWS,
      Namespace.SESSIONIZE_VISITS,
      "windows_over_cap",
      "Open windows of the windows engine that exceed the maximum length or size of a session."),

  SESSIONS_WRITTEN(
      Type.COUNTER,
      Unit.RECORDS,
      Namespace.WRITE_SESSIONS,
      "sessions_written",
      "Records for the sessions topic."),

  ATTRIBUTE_VALUES_SKIPPED(
      Type.COUNTER,
      Unit.VALUES,
      Namespace.WRITE_SESSIONS,
      "attribute_values_skipped",
      "Values that are too large for an attribute, in sessions that were written."),

  SESSIONS_LEFT(
      Type.UNEXPORTED_COUNTER,
      Unit.RECORDS,
      Namespace.WRITE_SESSIONS,
      "sessions_left",
      "Records not written, of sessions that started before a rewind."),

  RECORDS_DELETED(
      Type.COUNTER,
      Unit.RECORDS,
      Namespace.READ_VISITS,
      "records_deleted",
      "Records that were deleted before they were read."),

  PARTITIONS_RESTARTED(
      Type.COUNTER,
      Unit.PARTITIONS,
      Namespace.READ_VISITS,
      "partitions_restarted",
      "Partitions resumed at an earlier offset: topic created anew, or log truncated."),

  /** In Beam, in milliseconds, and a partition follows the name. */
  PARTITION_WATERMARK(
      Type.GAUGE_BY_PARTITION,
      Unit.EPOCH_SECONDS,
      Namespace.READ_VISITS,
      "partition_watermark_ms/",
      "partition_watermark_seconds",
      "Watermark of a partition, in seconds since 1970."),

  /** In Beam, a partition follows the name. */
  PARTITION_BACKLOG(
      Type.GAUGE_BY_PARTITION,
      Unit.RECORDS,
      Namespace.READ_VISITS,
      "partition_backlog/",
      "partition_backlog_records",
      "Records of a partition that are not read yet.");

  /** The type of a metric, in Beam and in Prometheus. */
  public enum Type {
    /** A gauge of the job's state; no metric in Beam. */
    STATE,
    /** A counter. */
    COUNTER,
    /** A counter by the label {@code reason}; in Beam a counter for each reason. */
    COUNTER_BY_REASON,
    /** A gauge; in Beam a counter that goes up and down. */
    UP_DOWN_COUNTER,
    /** A gauge by the label {@code partition}; in Beam a gauge for each partition. */
    GAUGE_BY_PARTITION,
    /** A counter that is not exported to Prometheus. */
    UNEXPORTED_COUNTER,
    /** A set of texts; not exported to Prometheus, which has no such type. */
    TEXTS
  }

  /** The unit of a value in Prometheus. */
  public enum Unit {
    BOOLEAN,
    RECORDS,
    VISITS,
    VISIT_IDS,
    VALUES,
    WINDOWS,
    BYTES,
    PARTITIONS,
    POSITIONS,
    /** Seconds since 1970; milliseconds in Beam. */
    EPOCH_SECONDS;

    double fromBeam(long value) {
      return this == EPOCH_SECONDS ? value / MILLIS_PER_SECOND : value;
    }

    private static final double MILLIS_PER_SECOND = 1e3;
  }

  private static final class Namespace {
    static final String ROUTE_VISITS = "io.sessionizer.visits.RouteVisits";
    static final String SESSIONIZE_VISITS = "io.sessionizer.sessions.SessionizeVisits";
    static final String WRITE_SESSIONS = "io.sessionizer.kafka.WriteSessions";
    static final String READ_VISITS = "io.sessionizer.kafka.ReadVisits";
  }

  private static final String PREFIX = "sessionizer_";

  private final Type type;
  private final Unit unit;
  private final String namespace;
  private final String beamName;
  private final String prometheusName;
  private final String help;

  JobMetric(Type type, Unit unit, String namespace, String name, String help) {
    this(type, unit, namespace, name, name, help);
  }

  JobMetric(
      Type type, Unit unit, String namespace, String beamName, String prometheusName, String help) {
    this.type = type;
    this.unit = unit;
    this.namespace = namespace;
    this.beamName = beamName;
    this.prometheusName = prometheusName;
    this.help = help;
  }

  /** Returns the type. */
  public Type type() {
    return type;
  }

  /** Returns the unit. */
  public Unit unit() {
    return unit;
  }

  /** Returns the namespace in Beam; empty if Beam has no such metric. */
  public String namespace() {
    return namespace;
  }

  /** Returns the name in Beam; of a metric by label, the prefix of the label. */
  public String beamName() {
    return beamName;
  }

  /** Returns the name in Prometheus, for a counter without the suffix {@code _total}. */
  public String prometheusName() {
    return PREFIX + prometheusName;
  }

  /** Returns the meaning, in one sentence. */
  public String help() {
    return help;
  }

  /** Creates the counter. */
  public Counter counter() {
    return Metrics.counter(namespace, beamName);
  }

  /** Creates the counter of one label. */
  public Counter counter(String label) {
    return Metrics.counter(namespace, beamName + label);
  }

  /** Creates the gauge of one label. */
  public Gauge gauge(String label) {
    return Metrics.gauge(namespace, beamName + label);
  }

  /** Creates the set of texts. */
  public StringSet texts() {
    return Metrics.stringSet(namespace, beamName);
  }
}
