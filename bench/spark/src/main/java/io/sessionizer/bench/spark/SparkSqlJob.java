package io.sessionizer.bench.spark;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** Sessions of the visits in files, by one query of Spark SQL. */
public final class SparkSqlJob {
  private static final long GAP_MILLIS = 16 * 60 * 1000;

  private static final String SCHEMA =
      "visit_id STRING, event_time TIMESTAMP, user_id STRING, page STRING";

  /** Visits of one time are in the order of their pages, then of their users. */
  private static final String QUERY =
      """
      WITH timed AS (
        SELECT visit_id, user_id, page, unix_millis(event_time) AS time FROM visits
      ), starts AS (
        SELECT *,
          coalesce(time - lag(time) OVER (PARTITION BY visit_id ORDER BY time) >= %s, true)
            AS is_start
        FROM timed
      ), numbered AS (
        SELECT *, count_if(is_start) OVER (PARTITION BY visit_id ORDER BY time) AS number
        FROM starts
      ), sessions AS (
        SELECT visit_id, sort_array(collect_list(struct(time, page, user_id))) AS visits
        FROM numbered
        GROUP BY visit_id, number
      )
      SELECT visit_id,
        try_element_at(filter(visits.user_id, id -> id IS NOT NULL), 1) AS user_id,
        date_format(timestamp_millis(visits[0].time), "yyyy-MM-dd'T'HH:mm:ss.SSSXXX") AS start_time,
        date_format(timestamp_millis(element_at(visits, -1).time), "yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
          AS end_time,
        transform(visits, visit ->
          named_struct('page', visit.page, 'event_time_as_milliseconds', visit.time))
          AS visited_pages,
        element_at(visits, -1).time - visits[0].time AS duration_in_milliseconds
      FROM sessions
      """;

  private SparkSqlJob() {}

  /**
   * Runs the query; takes the flags {@code input}, {@code output}, {@code scratch} and {@code
   * parallelism}, as {@code name=value}.
   */
  public static void main(String[] args) {
    Map<String, String> flags =
        Arrays.stream(args)
            .map(arg -> arg.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[" + flags.get("parallelism") + "]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.local.dir", flags.get("scratch"))
            .getOrCreate()) {
      spark.read().schema(SCHEMA).json(flags.get("input")).createOrReplaceTempView("visits");
      spark.sql(QUERY.formatted(GAP_MILLIS)).write().json(flags.get("output"));
    }
  }
}
