package io.sessionizer.bench.peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/** Reads a visit token by token: no tree, no binding, and nothing kept of what is not needed. */
final class PeerVisitReader {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
  private static final String UTC_PATTERN = "dddd-dd-ddTdd:dd:dd+00:00";
  private static final int MILLIS_PER_DAY = 86_400_000;

  private long day = Long.MIN_VALUE;
  private long dayMillis;

  /**
   * Returns the visit that is in {@code json}.
   *
   * @throws IOException if there is none
   */
  PeerVisit read(byte[] json) throws IOException {
    PeerVisit visit = new PeerVisit();
    int found = 0;
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not an object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        parser.nextToken();
        switch (name) {
          case "visit_id" -> {
            visit.visitId = parser.getText();
            found |= 1;
          }
          case "event_time" -> {
            visit.timeMillis = millis(parser.getText());
            found |= 2;
          }
          case "user_id" -> visit.userId = parser.getText();
          case "page" -> visit.page = parser.getText();
          default -> parser.skipChildren();
        }
      }
    }
    if (found != 3) {
      throw new IOException("no visit");
    }
    return visit;
  }

  /** What visits are written with is read digit by digit, anything else as the JDK does. */
  private long millis(String text) throws IOException {
    if (!isUtc(text)) {
      try {
        return OffsetDateTime.parse(text).toInstant().toEpochMilli();
      } catch (java.time.DateTimeException e) {
        throw new IOException("no time", e);
      }
    }
    int year = two(text, 0) * 100 + two(text, 2);
    int month = two(text, 5);
    int dayOfMonth = two(text, 8);
    long newDay = (year * 100L + month) * 100 + dayOfMonth;
    if (newDay != day) {
      dayMillis = LocalDate.of(year, month, dayOfMonth).toEpochDay() * MILLIS_PER_DAY;
      day = newDay;
    }
    return dayMillis + 1000L * ((two(text, 11) * 60 + two(text, 14)) * 60 + two(text, 17));
  }

  private static boolean isUtc(String text) {
    if (text.length() != UTC_PATTERN.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char wanted = UTC_PATTERN.charAt(i);
      char is = text.charAt(i);
      if (wanted == 'd' ? is < '0' || is > '9' : is != wanted) {
        return false;
      }
    }
    return true;
  }

  private static int two(String text, int at) {
    return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
  }
}
