package io.sessionizer.formats;

import java.util.List;

/** The flags that say how records are read as visits. */
public final class FormatFlags {
  static final String RECORD_FORMAT = "--recordFormat";
  static final String COLUMNS = "--columns";
  static final String RECORD_FIELD = "--recordField";
  static final String JSON_TEXT = "--jsonText";
  static final String WHERE = "--where";
  static final String VISIT_ID = "--visitIdField";
  static final String EVENT_TIME = "--eventTimeField";
  static final String EVENT_TIME_FORMAT = "--eventTimeFormat";
  static final String EVENT_TIME_ZONE = "--eventTimeZone";
  static final String USER_ID = "--userIdField";
  static final String PAGE = "--pageField";

  /** In place of a field that visits need not have: there is none. */
  static final String NONE = "none";

  /** All of them, in the order of the documentation. */
  public static final List<String> ALL =
      List.of(
          RECORD_FORMAT,
          COLUMNS,
          RECORD_FIELD,
          JSON_TEXT,
          WHERE,
          VISIT_ID,
          EVENT_TIME,
          EVENT_TIME_FORMAT,
          EVENT_TIME_ZONE,
          USER_ID,
          PAGE);

  /** Those that may be given several times; several values are one, with commas between them. */
  public static final List<String> REPEATED =
      List.of(COLUMNS, JSON_TEXT, VISIT_ID, EVENT_TIME, USER_ID, PAGE);

  private FormatFlags() {}
}
