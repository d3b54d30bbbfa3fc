package io.sessionizer.parquet;

import io.sessionizer.records.SessionRow;
import io.sessionizer.records.VisitedPage;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes sessions as rows of a Parquet file. */
public final class ParquetRows extends WriteSupport<SessionRow> {
  /** How many bytes are in memory before they are written. */
  private static final long ROW_GROUP_BYTES = 32 << 20;

  private final boolean haveAttributes;
  private @Nullable RecordConsumer consumer;

  private ParquetRows(boolean haveAttributes) {
    this.haveAttributes = haveAttributes;
  }

  /**
   * Returns a writer of a file.
   *
   * @param haveAttributes whether sessions have attributes
   */
  public static ParquetWriter<SessionRow> writer(OutputFile file, boolean haveAttributes)
      throws IOException {
    return new Builder(file, haveAttributes)
        .withConf(new PlainParquetConfiguration())
        .withRowGroupSize(ROW_GROUP_BYTES)
        .withCompressionCodec(CompressionCodecName.ZSTD)
        .withCodecFactory(new ZstdPages())
        .build();
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(SessionColumns.schema(haveAttributes), Map.of());
  }

  @Override
  @SuppressWarnings("deprecation") // abstract all the same
  public WriteContext init(Configuration configuration) {
    throw new UnsupportedOperationException("there is no Hadoop");
  }

  @Override
  public void prepareForWrite(RecordConsumer rows) {
    consumer = rows;
  }

  @Override
  public void write(SessionRow session) {
    RecordConsumer row = consumer;
    if (row == null) {
      throw new IllegalStateException("the file is not open");
    }
    row.startMessage();
    add(row, SessionColumns.SESSION_ID, 0, session.sessionId());
    add(row, SessionColumns.VISIT_ID, 1, session.visitId());
    add(row, SessionColumns.USER_ID, 2, session.userId());
    add(row, SessionColumns.START_TIME, 3, session.startMillis());
    add(row, SessionColumns.END_TIME, 4, session.endMillis());
    add(row, SessionColumns.DURATION, 5, session.durationMillis());
    add(row, SessionColumns.END_REASON, 6, session.endReason());
    row.startField(SessionColumns.VISITED_PAGES, 7);
    row.startGroup();
    if (!session.pages().isEmpty()) {
      row.startField(SessionColumns.LIST, 0);
      session.pages().forEach(page -> add(row, page));
      row.endField(SessionColumns.LIST, 0);
    }
    row.endGroup();
    row.endField(SessionColumns.VISITED_PAGES, 7);
    if (haveAttributes) {
      add(row, SessionColumns.ATTRIBUTES, 8, session.attributes());
    }
    row.endMessage();
  }

  private static void add(RecordConsumer row, VisitedPage page) {
    row.startGroup();
    row.startField(SessionColumns.ELEMENT, 0);
    row.startGroup();
    add(row, SessionColumns.PAGE, 0, page.page());
    add(row, SessionColumns.EVENT_TIME, 1, page.eventTimeMillis());
    row.endGroup();
    row.endField(SessionColumns.ELEMENT, 0);
    row.endGroup();
  }

  private static void add(RecordConsumer row, String name, int index, @Nullable String text) {
    if (text != null) {
      row.startField(name, index);
      row.addBinary(Binary.fromString(text));
      row.endField(name, index);
    }
  }

  private static void add(RecordConsumer row, String name, int index, long number) {
    row.startField(name, index);
    row.addLong(number);
    row.endField(name, index);
  }

  private static final class Builder extends ParquetWriter.Builder<SessionRow, Builder> {
    private final boolean haveAttributes;

    Builder(OutputFile file, boolean haveAttributes) {
      super(file);
      this.haveAttributes = haveAttributes;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<SessionRow> getWriteSupport(ParquetConfiguration configuration) {
      return new ParquetRows(haveAttributes);
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected WriteSupport<SessionRow> getWriteSupport(Configuration configuration) {
      throw new UnsupportedOperationException("there is no Hadoop");
    }
  }
}
