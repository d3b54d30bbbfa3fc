package io.sessionizer.bench.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes sessions as their consumers know them. Not for more than one thread. */
final class PeerSessionWriter {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final SerializableString VISIT_ID = new SerializedString("visit_id");
  private static final SerializableString USER_ID = new SerializedString("user_id");
  private static final SerializableString START_TIME = new SerializedString("start_time");
  private static final SerializableString END_TIME = new SerializedString("end_time");
  private static final SerializableString VISITED_PAGES = new SerializedString("visited_pages");
  private static final SerializableString PAGE = new SerializedString("page");
  private static final SerializableString EVENT_TIME =
      new SerializedString("event_time_as_milliseconds");
  private static final SerializableString DURATION =
      new SerializedString("duration_in_milliseconds");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);

  /** Returns the key of a session whose pages are sorted. */
  byte[] key(PeerSession session) {
    return (session.visitId + '@' + session.times[0]).getBytes(UTF_8);
  }

  /** Returns a session, whose pages are sorted, as JSON. */
  byte[] value(PeerSession session) {
    bytes.reset();
    long start = session.times[0];
    long end = session.times[session.size - 1];
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeFieldName(VISIT_ID);
      json.writeString(session.visitId);
      json.writeFieldName(USER_ID);
      json.writeString(session.userId);
      json.writeFieldName(START_TIME);
      json.writeString(TIME.format(Instant.ofEpochMilli(start)));
      json.writeFieldName(END_TIME);
      json.writeString(TIME.format(Instant.ofEpochMilli(end)));
      json.writeFieldName(VISITED_PAGES);
      json.writeStartArray();
      for (int i = 0; i < session.size; i++) {
        json.writeStartObject();
        json.writeFieldName(PAGE);
        json.writeString(session.pages[i]);
        json.writeFieldName(EVENT_TIME);
        json.writeNumber(session.times[i]);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeFieldName(DURATION);
      json.writeNumber(end - start);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
