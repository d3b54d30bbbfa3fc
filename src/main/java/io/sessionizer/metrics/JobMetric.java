package io.sessionizer.metrics;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.StringSet;

/**
 * A metric of the job: its type, its unit, its addresses, and what it means.
 *
 * <p>It has an address in Beam, a namespace and a name, and another one in Prometheus. Flink
 * reports {@code NAMESPACE.NAME}, and dashboards and alerts query that: an address never changes. A
 * namespace is the name that a class had when the metric was added; it stays when the class is
 * moved or renamed.
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
      "Records read that are no visits."),

  /** The reason follows the name in Beam. */
  VISITS_REJECTED_BY_REASON(
      Type.COUNTER_BY_REASON,
      Unit.RECORDS,
      Namespace.ROUTE_VISITS,
      "visits_rejected_",
      "visits_rejected_by_reason",
      "Records read that are no visits, by the reason."),

  /** Texts {@code REASON topic-partition@offset}. */
  VISITS_REJECTED_AT(
      Type.TEXTS,
      Unit.POSITIONS,
      Namespace.ROUTE_VISITS,
      "visits_rejected_at",
      "Where some of the rejected records are, at least one for each reason."),

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
      "Visits that came too late."),

  VISIT_IDS_HELD(
      Type.UP_DOWN_COUNTER,
      Unit.VISIT_IDS,
      Namespace.SESSIONIZE_VISITS,
      "visit_ids_held",
      "Visit ids of which the stateful engine remembers something."),

  WINDOWS_OVER_CAP(
      Type.UP_DOWN_COUNTER,
      Unit.WINDOWS,
      Namespace.SESSIONIZE_VISITS,
      "windows_over_cap",
      "Open windows of the windows engine that are longer or larger than a session may be."),

  SESSIONS_WRITTEN(
      Type.COUNTER,
      Unit.RECORDS,
      Namespace.WRITE_SESSIONS,
      "sessions_written",
      "Records for the sessions topic."),

  SESSIONS_LEFT(
      Type.UNEXPORTED_COUNTER,
      Unit.RECORDS,
      Namespace.WRITE_SESSIONS,
      "sessions_left",
      "Records not written, about sessions that began before a rewind."),

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

  /** In milliseconds in Beam, where the partition follows the name. */
  PARTITION_WATERMARK(
      Type.GAUGE_BY_PARTITION,
      Unit.EPOCH_SECONDS,
      Namespace.READ_VISITS,
      "partition_watermark_ms/",
      "partition_watermark_seconds",
      "Watermark of a partition, in seconds since 1970."),

  /** The partition follows the name in Beam. */
  PARTITION_BACKLOG(
      Type.GAUGE_BY_PARTITION,
      Unit.RECORDS,
      Namespace.READ_VISITS,
      "partition_backlog/",
      "partition_backlog_records",
      "Records of a partition that are not read yet.");

  /** What Beam has of a metric, and what Prometheus gets. */
  public enum Type {
    /** A gauge from the job's state, of which Beam has no metric. */
    STATE,
    /** A counter. */
    COUNTER,
    /** A counter by the label {@code reason}; in Beam a counter for each reason. */
    COUNTER_BY_REASON,
    /** A gauge; in Beam a counter that goes up and down. */
    UP_DOWN_COUNTER,
    /** A gauge by the label {@code partition}; in Beam a gauge for each partition. */
    GAUGE_BY_PARTITION,
    /** A counter that Prometheus does not get. */
    UNEXPORTED_COUNTER,
    /** A set of texts, which Prometheus cannot have. */
    TEXTS
  }

  /** What a value of 1 is, in Prometheus. */
  public enum Unit {
    BOOLEAN,
    RECORDS,
    VISITS,
    VISIT_IDS,
    WINDOWS,
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

  /** What kind of metric it is. */
  public Type type() {
    return type;
  }

  /** What it counts or measures. */
  public Unit unit() {
    return unit;
  }

  /** The namespace in Beam; empty if Beam has no such metric. */
  public String namespace() {
    return namespace;
  }

  /** The name in Beam; of a metric by label, what precedes the label. */
  public String beamName() {
    return beamName;
  }

  /** The name in Prometheus; a counter's value has {@code _total} behind it. */
  public String prometheusName() {
    return PREFIX + prometheusName;
  }

  /** What it means, in one sentence. */
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
