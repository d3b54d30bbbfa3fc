package io.sessionizer.records;

/**
 * The JSON of a visit: an object with these fields, in any order, and others, which are ignored.
 * Texts may also be numbers; an optional field may be null or absent.
 */
public final class VisitFormat {
  /** The visit id: a text that is not blank. */
  public static final String VISIT_ID = "visit_id";

  /** When the page was viewed: an ISO-8601 date and time with its offset from UTC, as text. */
  public static final String EVENT_TIME = "event_time";

  /** The user: an optional text. */
  public static final String USER_ID = "user_id";

  /** The page: an optional text. */
  public static final String PAGE = "page";

  /** The longest visit id, user id and page, in characters. */
  public static final int MAX_TEXT_CHARACTERS = 4096;

  /**
   * The longest text of a projected field, in characters. Of a longer one there is one more, so
   * that it is known to be longer.
   */
  public static final int MAX_PROJECTED_CHARACTERS = 1_024;

  /** The deepest nesting of objects and arrays, the visit itself being the first level. */
  public static final int MAX_NESTING = 500;

  private VisitFormat() {}
}
