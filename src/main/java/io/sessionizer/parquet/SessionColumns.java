package io.sessionizer.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.sessionizer.records.RecordHeaders;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitFormat;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/**
 * The columns of a Parquet file of sessions. Times are timestamps in UTC, in milliseconds.
 *
 * <p>Every column but {@code user_id}, and the {@code page} of a visit, has a value in each row.
 */
final class SessionColumns {
  private static final LogicalTypeAnnotation TIME = timestampType(true, TimeUnit.MILLIS);

  static final String SESSION_ID = "session_id";
  static final String VISIT_ID = VisitFormat.VISIT_ID;
  static final String USER_ID = VisitFormat.USER_ID;
  static final String START_TIME = SessionJson.START_TIME;
  static final String END_TIME = SessionJson.END_TIME;
  static final String DURATION = SessionJson.DURATION_MILLIS;
  static final String END_REASON = RecordHeaders.END_REASON;
  static final String VISITED_PAGES = SessionJson.VISITED_PAGES;
  static final String ATTRIBUTES = SessionJson.ATTRIBUTES;
  static final String PAGE = VisitFormat.PAGE;
  static final String EVENT_TIME = VisitFormat.EVENT_TIME;

  /** Of a list, by the rules of Parquet. */
  static final String LIST = "list";

  static final String ELEMENT = "element";

  private static final String SESSION = "session";

  /**
   * Returns the columns of a file.
   *
   * @param haveAttributes whether sessions have attributes
   */
  static MessageType schema(boolean haveAttributes) {
    return haveAttributes
        ? columns().required(BINARY).as(stringType()).named(ATTRIBUTES).named(SESSION)
        : columns().named(SESSION);
  }

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

  private SessionColumns() {}
}
