package io.sessionizer.metrics;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Gauge;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.StringSet;

/**
 * A metric of the job, with its address in Beam: a namespace and a name.
 *
 * <p>Flink reports {@code NAMESPACE.NAME}, and dashboards and alerts query that: an address never
 * changes. A namespace is the name that a class had when the metric was added; it stays when the
 * class is moved or renamed.
 */
public enum JobMetric {
  /** Counter: records read from the visits topic. */
  VISITS_READ(Namespace.ROUTE_VISITS, "visits_read"),

  /** Counter: of these, the rejected ones. */
  VISITS_REJECTED(Namespace.ROUTE_VISITS, "visits_rejected"),

  /** Counter by reason: the same; the reason follows the name. */
  VISITS_REJECTED_BY_REASON(Namespace.ROUTE_VISITS, "visits_rejected_"),

  /** Set of texts {@code REASON topic-partition@offset}, some of each reason. */
  VISITS_REJECTED_AT(Namespace.ROUTE_VISITS, "visits_rejected_at"),

  /** Counter: visits accepted into sessions. */
  VISITS_ACCEPTED(Namespace.SESSIONIZE_VISITS, "visits_accepted"),

  /** Counter: visits that came too late. */
  VISITS_LATE(Namespace.SESSIONIZE_VISITS, "visits_late"),

  /** Counter that goes up and down: visit ids with state in the stateful engine. */
  VISIT_IDS_HELD(Namespace.SESSIONIZE_VISITS, "visit_ids_held"),

  /** Counter that goes up and down: open windows of the windows engine beyond a cap. */
  WINDOWS_OVER_CAP(Namespace.SESSIONIZE_VISITS, "windows_over_cap"),

  /** Counter: records for the sessions topic. */
  SESSIONS_WRITTEN(Namespace.WRITE_SESSIONS, "sessions_written"),

  /** Counter: changes of sessions that a rewind leaves as they are. */
  SESSIONS_LEFT(Namespace.WRITE_SESSIONS, "sessions_left"),

  /** Counter: records that were deleted before they were read. */
  RECORDS_DELETED(Namespace.READ_VISITS, "records_deleted"),

  /** Counter: how often a partition was resumed at an earlier offset. */
  PARTITIONS_RESTARTED(Namespace.READ_VISITS, "partitions_restarted"),

  /** Gauge by partition: its watermark in epoch milliseconds; the partition follows the name. */
  PARTITION_WATERMARK(Namespace.READ_VISITS, "partition_watermark_ms/"),

  /** Gauge by partition: records not read yet; the partition follows the name. */
  PARTITION_BACKLOG(Namespace.READ_VISITS, "partition_backlog/");

  private static final class Namespace {
    static final String ROUTE_VISITS = "io.sessionizer.visits.RouteVisits";
    static final String SESSIONIZE_VISITS = "io.sessionizer.sessions.SessionizeVisits";
    static final String WRITE_SESSIONS = "io.sessionizer.kafka.WriteSessions";
    static final String READ_VISITS = "io.sessionizer.kafka.ReadVisits";
  }

  private final String namespace;
  private final String beamName;

  JobMetric(String namespace, String beamName) {
    this.namespace = namespace;
    this.beamName = beamName;
  }

  /** The namespace in Beam. */
  public String namespace() {
    return namespace;
  }

  /** The name in Beam; of a metric by label, what precedes the label. */
  public String beamName() {
    return beamName;
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
  public StringSet stringSet() {
    return Metrics.stringSet(namespace, beamName);
  }
}
