package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sessionizer.records.VisitFormat;
import java.util.regex.Pattern;

/** Corruptions of a record that make it no visit. */
enum Corruption {
  TRUNCATED,
  AN_ARRAY,
  EMPTY,
  NO_VISIT_ID,
  NO_EVENT_TIME,
  UNREADABLE_EVENT_TIME,
  FUTURE_EVENT_TIME,
  VISIT_ID_NOT_A_TEXT,
  INVALID_UTF_8;

  private static final String VISIT_ID = name(VisitFormat.VISIT_ID);
  private static final String EVENT_TIME = name(VisitFormat.EVENT_TIME);
  private static final String PAGE = name(VisitFormat.PAGE);
  private static final Pattern VISIT_ID_FIELD = field(VISIT_ID);
  private static final Pattern EVENT_TIME_FIELD = field(EVENT_TIME);
  private static final String INVALID_BYTE = "\u00FF";

  /** Returns a well-formed visit's JSON with this corruption. */
  byte[] applyTo(byte[] wellFormed) {
    // Latin-1 has one character per byte, whatever the byte.
    return applyTo(new String(wellFormed, ISO_8859_1)).getBytes(ISO_8859_1);
  }

  private String applyTo(String wellFormed) {
    return switch (this) {
      case TRUNCATED -> wellFormed.substring(0, wellFormed.length() / 2);
      case AN_ARRAY -> "[" + wellFormed + "]";
      case EMPTY -> "";
      case NO_VISIT_ID -> replace(VISIT_ID_FIELD, wellFormed, "");
      case NO_EVENT_TIME -> replace(EVENT_TIME_FIELD, wellFormed, "");
      case UNREADABLE_EVENT_TIME ->
          replace(EVENT_TIME_FIELD, wellFormed, EVENT_TIME + "\"yesterday\",");
      case FUTURE_EVENT_TIME ->
          replace(EVENT_TIME_FIELD, wellFormed, EVENT_TIME + "\"2999-01-01T00:00:00+00:00\",");
      case VISIT_ID_NOT_A_TEXT -> replace(VISIT_ID_FIELD, wellFormed, VISIT_ID + "true,");
      case INVALID_UTF_8 -> wellFormed.replace(PAGE + "\"", PAGE + "\"" + INVALID_BYTE);
    };
  }

  private static String name(String field) {
    return "\"" + field + "\":";
  }

  /** Matches a field with a text, and the comma behind it. */
  private static Pattern field(String name) {
    return Pattern.compile(name + "\"[^\"]*\",");
  }

  private static String replace(Pattern field, String json, String replacement) {
    return field.matcher(json).replaceFirst(replacement);
  }
}
