package io.sessionizer.verify;

import io.sessionizer.parquet.ParquetRowReader;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRow;
import io.sessionizer.records.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;

/**
 * Parquet files of sessions, a record on each row: the key is the session id, the value is the JSON
 * that the other columns make, so that the hash is that of JSON lines. A position is a file and the
 * number of a row, from 1.
 */
public final class ParquetFiles extends FilesSource {
  private final SessionJson json;
  private final long rows;

  /**
   * Reads how many rows there are.
   *
   * @param timeZone of start and end in a session's JSON
   * @throws IOException if a file cannot be read
   */
  public ParquetFiles(List<Path> files, ZoneId timeZone) throws IOException {
    super("sessions-*.parquet", files);
    this.json = new SessionJson(timeZone);
    long count = 0;
    for (Path file : files) {
      try (ParquetRowReader reader = new ParquetRowReader(file)) {
        count += reader.count();
      }
    }
    this.rows = count;
  }

  @Override
  public long size() {
    return rows;
  }

  @Override
  public boolean hasKeys(int part) {
    return true;
  }

  @Override
  public String describe(SourcePosition position) {
    return position.topic() + " row " + position.offset();
  }

  @Override
  void read(Path file, int part, EachRecord each) throws IOException {
    try (ParquetRowReader reader = new ParquetRowReader(file)) {
      long number = 1;
      for (SessionRow row = reader.next(); row != null; row = reader.next()) {
        each.accept(new SourceRecord(position(part, number++), 0, false, row.toRecord(json)));
      }
    }
  }
}
