package io.sessionizer.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes a session as the JSON that consumers know: these fields, in this order, and none that is
 * null. Equal sessions give equal bytes.
 */
public final class SessionJson implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();
  // XXXXX, and not XXX: before 1900 many zones have offsets with seconds.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXXXX", Locale.ROOT);

  private final ZoneId timeZone;

  /** Creates a writer that prints start and end as local time in {@code timeZone}. */
  public SessionJson(ZoneId timeZone) {
    this.timeZone = timeZone;
  }

  /** Returns {@code session} as one line of UTF-8 JSON, without a line feed. */
  public byte[] write(Session session) {
    var bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("visit_id", session.visitId());
      writeOptional(json, "user_id", session.userId());
      json.writeStringField("start_time", time(session.startMillis()));
      json.writeStringField("end_time", time(session.endMillis()));
      json.writeArrayFieldStart("visited_pages");
      for (VisitedPage page : session.pages()) {
        json.writeStartObject();
        writeOptional(json, "page", page.page());
        json.writeNumberField("event_time_as_milliseconds", page.eventTimeMillis());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNumberField(
          "duration_in_milliseconds", session.endMillis() - session.startMillis());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private String time(long epochMillis) {
    return TIME.format(Instant.ofEpochMilli(epochMillis).atZone(timeZone));
  }

  private static void writeOptional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
