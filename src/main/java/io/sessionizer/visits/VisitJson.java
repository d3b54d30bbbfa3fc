package io.sessionizer.visits;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.FieldExpression.Member;
import io.sessionizer.formats.FieldExpression.Pointer;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.VisitFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * Reads a visit from UTF-8 JSON, and writes it. Fields may come in any order, unknown ones are
 * skipped, as is a byte order mark in front, and of a repeated one the last counts.
 */
public final class VisitJson {
  /** The member with the projected fields, an object with the value of each that is there. */
  private static final String PROJECTED_FIELDS = "projected_fields";

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

  /** Returns how visits with projected fields are read that {@link #write(Visit, List)} wrote. */
  public static InputFormat format(List<ProjectedField> projected) {
    return InputFormat.DEFAULT.withProjected(projected.stream().map(VisitJson::written).toList());
  }

  private static ProjectedField written(ProjectedField field) {
    Pointer value = new Pointer(List.of(new Member(PROJECTED_FIELDS), new Member(field.text())));
    return field.in(new FieldExpression(field.text(), value));
  }

  /** Returns {@code visit} without its projected fields as JSON that {@link #parse} reads back. */
  public static byte[] write(Visit visit) {
    return write(visit, List.of());
  }

  /**
   * Returns {@code visit} as JSON.
   *
   * @param projected the fields that may be projected
   */
  public static byte[] write(Visit visit, List<ProjectedField> projected) {
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
      if (!projected.isEmpty() && !visit.fields().isEmpty()) {
        write(visit.fields(), projected, json);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(
      ProjectedFields fields, List<ProjectedField> projected, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(PROJECTED_FIELDS);
    for (ProjectedField field : projected) {
      Object value = fields.value(field.id());
      if (value instanceof Boolean isTrue) {
        json.writeBooleanField(field.text(), isTrue);
      } else if (value instanceof BigDecimal number) {
        json.writeFieldName(field.text());
        json.writeNumber(ProjectedFields.plain(number));
      } else if (value instanceof String text) {
        json.writeStringField(field.text(), text);
      }
    }
    json.writeEndObject();
  }
}
