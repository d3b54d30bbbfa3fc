package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.regex.Pattern;

/** What can be wrong with a record, so that it cannot be read as a visit. */
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

  /** Returns a sound visit's JSON with this flaw. */
  byte[] applyTo(byte[] sound) {
    // Latin-1 has one character per byte, whatever the byte.
    return applyTo(new String(sound, ISO_8859_1)).getBytes(ISO_8859_1);
  }

  private String applyTo(String sound) {
    return switch (this) {
      case TRUNCATED -> sound.substring(0, sound.length() / 2);
      case AN_ARRAY -> "[" + sound + "]";
      case EMPTY -> "";
      case NO_VISIT_ID -> replace(VISIT_ID, sound, "");
      case NO_EVENT_TIME -> replace(EVENT_TIME, sound, "");
      case UNREADABLE_EVENT_TIME -> replace(EVENT_TIME, sound, "\"event_time\":\"yesterday\",");
      case FUTURE_EVENT_TIME ->
          replace(EVENT_TIME, sound, "\"event_time\":\"2999-01-01T00:00:00+00:00\",");
      case VISIT_ID_NOT_A_TEXT -> replace(VISIT_ID, sound, "\"visit_id\":true,");
      case INVALID_UTF_8 -> sound.replace("\"page\":\"", "\"page\":\"" + INVALID_BYTE);
    };
  }

  private static String replace(Pattern field, String json, String replacement) {
    return field.matcher(json).replaceFirst(replacement);
  }
}
