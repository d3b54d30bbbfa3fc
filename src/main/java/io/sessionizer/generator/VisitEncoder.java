package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.sessionizer.generator.VisitorPool.PageView;
import io.sessionizer.records.VisitFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes visits as the JSON that the upstream generator writes. Not for more than one thread. */
final class VisitEncoder implements EventEncoder {
  /** The name of its format. */
  static final String FORMAT = "reference";

  private static final Corruption[] CORRUPTIONS = Corruption.values();
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter EVENT_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final SerializableString VISIT_ID = new SerializedString(VisitFormat.VISIT_ID);
  private static final SerializableString EVENT_TIME_FIELD =
      new SerializedString(VisitFormat.EVENT_TIME);
  private static final SerializableString USER_ID = new SerializedString(VisitFormat.USER_ID);
  private static final SerializableString KEEP_PRIVATE = new SerializedString("keep_private");
  private static final SerializableString PAGE = new SerializedString(VisitFormat.PAGE);
  private static final SerializableString CONTEXT = new SerializedString("context");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private long formattedMillis = Long.MIN_VALUE;
  private String formatted = "";

  @Override
  public byte[] key(PageView view) {
    return view.visitor().visitId().getBytes(UTF_8);
  }

  @Override
  public byte[] corrupted(byte[] wellFormed, long number) {
    return CORRUPTIONS[(int) (number % CORRUPTIONS.length)].applyTo(wellFormed);
  }

  /** Returns the visit as JSON in UTF-8. */
  @Override
  public byte[] encode(PageView view) {
    Visitor visitor = view.visitor();
    bytes.reset();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeFieldName(VISIT_ID);
      json.writeString(visitor.visitId());
      json.writeFieldName(EVENT_TIME_FIELD);
      json.writeString(eventTime(view.eventTimeMillis()));
      json.writeFieldName(USER_ID);
      json.writeString(visitor.userId());
      json.writeFieldName(KEEP_PRIVATE);
      json.writeBoolean(visitor.keepPrivate());
      json.writeFieldName(PAGE);
      json.writeString(view.page());
      json.writeFieldName(CONTEXT);
      json.writeRawValue(visitor.context());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Formats each second once: visits come in the order of event time. */
  private String eventTime(long millis) {
    if (millis != formattedMillis) {
      formatted = EVENT_TIME.format(Instant.ofEpochMilli(millis));
      formattedMillis = millis;
    }
    return formatted;
  }
}
