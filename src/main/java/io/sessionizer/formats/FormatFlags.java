package io.sessionizer.formats;

import java.util.List;

/** The flags that say how records are read as visits. */
public final class FormatFlags {
  public static final String RECORD_FORMAT = "--recordFormat";
  public static final String COLUMNS = "--columns";
  public static final String RECORD_FIELD = "--recordField";
  public static final String JSON_TEXT = "--jsonText";
  public static final String WHERE = "--where";
  public static final String VISIT_ID = "--visitIdField";
  public static final String EVENT_TIME = "--eventTimeField";
  public static final String EVENT_TIME_FORMAT = "--eventTimeFormat";
  public static final String EVENT_TIME_ZONE = "--eventTimeZone";
  public static final String USER_ID = "--userIdField";
  public static final String PAGE = "--pageField";
  public static final String EVENT_ID = "--eventIdField";
  public static final String SEQUENCE = "--sequenceField";

  /** Texts that stand for a field that is not there; the only one whose values are not one text. */
  public static final String MISSING = "--missing";

  /** In place of a field that visits need not have: there is none. */
  public static final String NONE = "none";

  /** All others, in the order of the documentation. */
  public static final List<String> TEXTS =
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
          PAGE,
          EVENT_ID,
          SEQUENCE);

  /** Those that may be given several times; several values are one, with commas between them. */
  public static final List<String> REPEATED =
      List.of(COLUMNS, JSON_TEXT, VISIT_ID, EVENT_TIME, USER_ID, PAGE, EVENT_ID, SEQUENCE);

  private FormatFlags() {}
}
