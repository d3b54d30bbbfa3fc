package io.sessionizer.records;

/** Why a record was rejected. The names are the values of the header {@code error.reason}. */
public enum Reason {
  /** The bytes are not UTF-8, not JSON, or continue after the JSON. */
  NOT_JSON,
  /** JSON, but not an object. */
  NOT_AN_OBJECT,
  /** No value at all, no bytes, or white space only. */
  EMPTY,
  /** {@code visit_id} is absent, null or blank. */
  MISSING_VISIT_ID,
  /** {@code event_time} is absent or null. */
  MISSING_EVENT_TIME,
  /** {@code event_time} is not an ISO-8601 date and time. */
  BAD_EVENT_TIME,
  /** {@code event_time} is further ahead of the wall clock than clocks differ. */
  FUTURE_EVENT_TIME,
  /** A field has a JSON type that it cannot have. */
  BAD_FIELD_TYPE,
  /** The record, one of its texts or its nesting exceeds a limit. */
  TOO_LARGE,
  /** Text that does not match the format's regular expression, or has other columns. */
  NOT_IN_FORMAT
}
