package io.sessionizer.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Sessions of the visits in files, by one query of DuckDB. */
final class DuckDbJob {
  /** Visits of one time are in the order of their pages, then of their users. */
  private static final String QUERY =
      """
      COPY (
        WITH visits AS (
          SELECT visit_id, user_id, page, epoch_ms(event_time) AS time
          FROM read_json('%1$s/*', format = 'newline_delimited',
            columns = {visit_id: 'VARCHAR', event_time: 'TIMESTAMPTZ', user_id: 'VARCHAR', page: 'VARCHAR'})
        ), starts AS (
          SELECT *,
            coalesce(time - lag(time) OVER (PARTITION BY visit_id ORDER BY time) >= %2$s, true)
              AS is_start
          FROM visits
        ), numbered AS (
          SELECT visit_id, user_id, page, time,
            count_if(is_start) OVER (PARTITION BY visit_id ORDER BY time) AS number
          FROM starts
        ), sessions AS (
          SELECT visit_id,
            list_sort(list({time: time, page: page, user_id: user_id}), 'ASC', 'NULLS FIRST') AS visits
          FROM numbered
          GROUP BY visit_id, number
        )
        SELECT visit_id,
          list_filter(list_transform(visits, lambda visit: visit.user_id), lambda id: id IS NOT NULL)[1]
            AS user_id,
          strftime(make_timestamp_ms(visits[1].time), '%%Y-%%m-%%dT%%H:%%M:%%S.%%gZ') AS start_time,
          strftime(make_timestamp_ms(visits[-1].time), '%%Y-%%m-%%dT%%H:%%M:%%S.%%gZ') AS end_time,
          list_transform(visits, lambda visit:
            {page: visit.page, event_time_as_milliseconds: visit.time}) AS visited_pages,
          visits[-1].time - visits[1].time AS duration_in_milliseconds
        FROM sessions
      ) TO '%3$s' (FORMAT json, PER_THREAD_OUTPUT, FILENAME_PATTERN 'sessions-{i}')
      """;

  private DuckDbJob() {}

  /** Runs the query; takes {@link FileFlags}. */
  public static void main(String[] args) throws SQLException, IOException {
    FileFlags flags = FileFlags.parse(args);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = " + flags.parallelism());
      statement.execute("SET preserve_insertion_order = false");
      statement.execute("SET temp_directory = '" + Files.createDirectories(flags.scratch()) + "'");
      statement.execute(QUERY.formatted(flags.input(), PeerFlags.GAP.toMillis(), flags.output()));
    }
  }
}
