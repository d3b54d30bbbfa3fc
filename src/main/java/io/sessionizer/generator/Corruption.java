package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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

  private static final Pattern VISIT_ID = Pattern.compile("\"visit_id\":\"[^\"]*\",");
  private static final Pattern EVENT_TIME = Pattern.compile("\"event_time\":\"[^\"]*\",");
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
      case NO_VISIT_ID -> replace(VISIT_ID, wellFormed, "");
      case NO_EVENT_TIME -> replace(EVENT_TIME, wellFormed, "");
      case UNREADABLE_EVENT_TIME ->
          replace(EVENT_TIME, wellFormed, "\"event_time\":\"yesterday\",");
      case FUTURE_EVENT_TIME ->
          replace(EVENT_TIME, wellFormed, "\"event_time\":\"2999-01-01T00:00:00+00:00\",");
      case VISIT_ID_NOT_A_TEXT -> replace(VISIT_ID, wellFormed, "\"visit_id\":true,");
      case INVALID_UTF_8 -> wellFormed.replace("\"page\":\"", "\"page\":\"" + INVALID_BYTE);
    };
  }

  private static String replace(Pattern field, String json, String replacement) {
    return field.matcher(json).replaceFirst(replacement);
  }
}
