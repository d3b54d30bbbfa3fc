package io.sessionizer.parquet;

import io.sessionizer.records.SessionRow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the rows of a Parquet file of sessions, one by one. In memory are the compressed pages of a
 * row group.
 */
public final class ParquetRowReader implements Closeable {
  private final Path path;
  private final ParquetFileReader file;
  private final RowMaterializer rows = new RowMaterializer();
  private final MessageColumnIO columns;
  private @Nullable RecordReader<SessionRow> group;
  private long left;

  /**
   * Opens a file of this machine.
   *
   * @throws IOException if it is damaged, or has other columns; the message names it
   */
  public ParquetRowReader(Path path) throws IOException {
    this.path = path;
    try {
      this.file =
          ParquetFileReader.open(
              new LocalInputFile(path),
              ParquetReadOptions.builder(new PlainParquetConfiguration())
                  .withCodecFactory(new ZstdPages())
                  .build());
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
    MessageType schema = file.getFileMetaData().getSchema();
    boolean haveAttributes = schema.containsField(SessionColumns.ATTRIBUTES);
    if (!schema.equals(SessionColumns.schema(haveAttributes))) {
      file.close();
      throw new IOException(
          "cannot read %s: its columns are not those of --outputFormat=parquet".formatted(path));
    }
    this.columns = new ColumnIOFactory().getColumnIO(schema);
  }

  /** Returns how many rows there are. */
  public long count() {
    return file.getRecordCount();
  }

  /** Returns the next row; null behind the last. */
  public @Nullable SessionRow next() throws IOException {
    try {
      while (left == 0) {
        PageReadStore pages = file.readNextRowGroup();
        if (pages == null) {
          return null;
        }
        left = pages.getRowCount();
        group = columns.getRecordReader(pages, rows);
      }
      left--;
      RecordReader<SessionRow> reader = group;
      return reader == null ? null : reader.read();
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
  }

  /** Damaged bytes are exceptions of any kind. */
  private IOException unreadable(Exception e) {
    return new IOException("cannot read %s: %s".formatted(path, e.getMessage()), e);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
