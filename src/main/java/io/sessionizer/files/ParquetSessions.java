package io.sessionizer.files;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.sessionizer.records.EndReason;
import io.sessionizer.records.RecordHeaders;
import io.sessionizer.records.Session;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.SessionRecord;
import io.sessionizer.records.VisitFormat;
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
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes sessions as rows of a Parquet file. Times are timestamps in UTC, in milliseconds. */
final class ParquetSessions extends WriteSupport<SessionRecord> {
  private static final LogicalTypeAnnotation TIME = timestampType(true, TimeUnit.MILLIS);

  private static final String SESSION_ID = "session_id";
  private static final String VISIT_ID = VisitFormat.VISIT_ID;
  private static final String USER_ID = VisitFormat.USER_ID;
  private static final String START_TIME = SessionJson.START_TIME;
  private static final String END_TIME = SessionJson.END_TIME;
  private static final String DURATION = SessionJson.DURATION_MILLIS;
  private static final String END_REASON = RecordHeaders.END_REASON;
  private static final String VISITED_PAGES = SessionJson.VISITED_PAGES;
  private static final String ATTRIBUTES = SessionJson.ATTRIBUTES;
  private static final String PAGE = VisitFormat.PAGE;
  private static final String EVENT_TIME = VisitFormat.EVENT_TIME;

  /** Of a list, by the rules of Parquet. */
  private static final String LIST = "list";

  private static final String ELEMENT = "element";

  private static final MessageType SCHEMA = columns().named("session");

  private static Types.GroupBuilder<MessageType> columns() {
    return Types.buildMessage()
        .required(BINARY)
        .as(stringType())
        .named(SESSION_ID)
        .required(BINARY)
        .as(stringType())
        .named(VISIT_ID)
        .optional(BINARY)
        .as(stringType())
        .named(USER_ID)
        .required(INT64)
        .as(TIME)
        .named(START_TIME)
        .required(INT64)
        .as(TIME)
        .named(END_TIME)
        .required(INT64)
        .named(DURATION)
        .required(BINARY)
        .as(stringType())
        .named(END_REASON)
        .requiredList()
        .requiredGroupElement()
        .optional(BINARY)
        .as(stringType())
        .named(PAGE)
        .required(INT64)
        .as(TIME)
        .named(EVENT_TIME)
        .named(VISITED_PAGES);
  }

  /** How many bytes are in memory before they are written. */
  private static final long ROW_GROUP_BYTES = 32 << 20;

  private final SessionJson json;
  private @Nullable RecordConsumer consumer;

  private ParquetSessions(SessionJson json) {
    this.json = json;
  }

  /**
   * Returns a writer of a file.
   *
   * @param json computes pseudonyms and the column with attributes
   */
  static ParquetWriter<SessionRecord> writer(OutputFile file, SessionJson json) throws IOException {
    return new Builder(file, json)
        .withConf(new PlainParquetConfiguration())
        .withRowGroupSize(ROW_GROUP_BYTES)
        .withCompressionCodec(CompressionCodecName.ZSTD)
        .withCodecFactory(new ZstdPages())
        .build();
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return new WriteContext(
        !json.hasAttributes()
            ? SCHEMA
            : columns().required(BINARY).as(stringType()).named(ATTRIBUTES).named("session"),
        Map.of());
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
  public void write(SessionRecord record) {
    if (consumer == null) {
      throw new IllegalStateException("the file is not open");
    }
    if (record instanceof SessionRecord.PackedUpsert packed) {
      write(consumer, packed.session().unpacked(), packed.endReason());
    } else if (record instanceof SessionRecord.Upsert upsert) {
      write(consumer, upsert.session(), upsert.endReason());
    } else {
      throw new IllegalStateException("no session of a file is replaced, but " + record);
    }
  }

  private void write(RecordConsumer row, Session whole, EndReason endReason) {
    Session session = json.published(whole);
    row.startMessage();
    add(row, SESSION_ID, 0, session.id().toString());
    add(row, VISIT_ID, 1, session.visitId());
    add(row, USER_ID, 2, session.userId());
    add(row, START_TIME, 3, session.startMillis());
    add(row, END_TIME, 4, session.endMillis());
    add(row, DURATION, 5, session.endMillis() - session.startMillis());
    add(row, END_REASON, 6, endReason.headerValue());
    row.startField(VISITED_PAGES, 7);
    row.startGroup();
    row.startField(LIST, 0);
    for (VisitedPage page : session.pages()) {
      row.startGroup();
      row.startField(ELEMENT, 0);
      row.startGroup();
      add(row, PAGE, 0, page.page());
      add(row, EVENT_TIME, 1, page.eventTimeMillis());
      row.endGroup();
      row.endField(ELEMENT, 0);
      row.endGroup();
    }
    row.endField(LIST, 0);
    row.endGroup();
    row.endField(VISITED_PAGES, 7);
    if (json.hasAttributes()) {
      add(row, ATTRIBUTES, 8, json.attributes(whole));
    }
    row.endMessage();
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

  private static final class Builder extends ParquetWriter.Builder<SessionRecord, Builder> {
    private final SessionJson json;

    Builder(OutputFile file, SessionJson json) {
      super(file);
      this.json = json;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<SessionRecord> getWriteSupport(ParquetConfiguration configuration) {
      return new ParquetSessions(json);
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected WriteSupport<SessionRecord> getWriteSupport(Configuration configuration) {
      throw new UnsupportedOperationException("there is no Hadoop");
    }
  }
}
