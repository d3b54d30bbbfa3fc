package io.sessionizer.parquet;

import io.sessionizer.records.SessionRow;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the rows of a Parquet file of sessions, one by one. In memory is a page of each column.
 *
 * <p>A file ends with its metadata, their length in 4 bytes, the lowest first, and {@code PAR1}.
 * Parquet's own reader of files needs Hadoop.
 */
public final class ParquetRowReader implements Closeable {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int END_BYTES = Integer.BYTES + MAGIC.length;

  private final Path path;
  private final RowMaterializer rows = new RowMaterializer();
  private final MessageColumnIO columns;
  private final Iterator<BlockMetaData> groups;
  private final long count;
  private @Nullable RowGroupPages pages;
  private @Nullable RecordReader<SessionRow> group;
  private long left;

  /**
   * Opens a file of this machine.
   *
   * @throws IOException if it is damaged, or has other columns; the message names it
   */
  public ParquetRowReader(Path path) throws IOException {
    this.path = path;
    ParquetMetadata metadata = metadata(path);
    MessageType schema = metadata.getFileMetaData().getSchema();
    boolean haveAttributes = schema.containsField(SessionColumns.ATTRIBUTES);
    if (!schema.equals(SessionColumns.schema(haveAttributes))) {
      throw new IOException(
          "cannot read %s: its columns are not those of --outputFormat=parquet".formatted(path));
    }
    this.columns = new ColumnIOFactory().getColumnIO(schema);
    this.groups = metadata.getBlocks().iterator();
    this.count = metadata.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
  }

  private static ParquetMetadata metadata(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] end = new byte[END_BYTES];
      file.seek(Math.max(0, file.length() - END_BYTES));
      file.readFully(end);
      int bytes = 0;
      for (int i = Integer.BYTES - 1; i >= 0; i--) {
        bytes = (bytes << Byte.SIZE) | (end[i] & 0xFF);
      }
      long from = file.length() - END_BYTES - bytes;
      if (!Arrays.equals(end, Integer.BYTES, END_BYTES, MAGIC, 0, MAGIC.length)
          || bytes < 0
          || from < MAGIC.length) {
        throw new IOException("it is not a whole Parquet file");
      }
      byte[] metadata = new byte[bytes];
      file.seek(from);
      file.readFully(metadata);
      return new ParquetMetadataConverter()
          .readParquetMetadata(
              new ByteArrayInputStream(metadata), ParquetMetadataConverter.NO_FILTER);
    } catch (IOException | RuntimeException e) {
      throw unreadable(path, e);
    }
  }

  /** Returns how many rows there are. */
  public long count() {
    return count;
  }

  /** Returns the next row; null behind the last. */
  public @Nullable SessionRow next() throws IOException {
    try {
      while (left == 0) {
        close();
        if (!groups.hasNext()) {
          return null;
        }
        RowGroupPages ofGroup = new RowGroupPages(path, groups.next());
        pages = ofGroup;
        left = ofGroup.getRowCount();
        group = columns.getRecordReader(ofGroup, rows);
      }
      left--;
      RecordReader<SessionRow> reader = group;
      return reader == null ? null : reader.read();
    } catch (IOException | RuntimeException e) {
      throw unreadable(path, e);
    }
  }

  /** Damaged bytes are exceptions of any kind. */
  private static IOException unreadable(Path path, Exception e) {
    return new IOException("cannot read %s: %s".formatted(path, e.getMessage()), e);
  }

  @Override
  public void close() {
    if (pages != null) {
      pages.close();
      pages = null;
    }
  }
}
