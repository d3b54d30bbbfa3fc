package io.sessionizer.visits;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sessionizer.records.VisitFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * Reads a visit from UTF-8 JSON, and writes it. Fields may come in any order, unknown ones are
 * skipped, as is a byte order mark in front, and of a repeated one the last counts.
 */
public final class VisitJson {
  private static final JsonFactory JSON = new JsonFactory();

  private VisitJson() {}

  /**
   * Reads the visit that {@code json} is.
   *
   * @throws RejectedVisitException if it is none
   */
  public static Visit parse(byte[] json) throws RejectedVisitException {
    VisitReader reader = new VisitReader(VisitFields.DEFAULT);
    reader.read(json, 0, json.length, null);
    return reader.visit();
  }

  /** Returns {@code visit} as JSON that {@link #parse} reads back. */
  public static byte[] write(Visit visit) {
    var bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField(VisitFormat.VISIT_ID, visit.visitId());
      json.writeStringField(
          VisitFormat.EVENT_TIME, Instant.ofEpochMilli(visit.eventTimeMillis()).toString());
      if (visit.userId() != null) {
        json.writeStringField(VisitFormat.USER_ID, visit.userId());
      }
      if (visit.page() != null) {
        json.writeStringField(VisitFormat.PAGE, visit.page());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }
}
