package io.sessionizer.visits;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.sessionizer.records.Reason;
import io.sessionizer.records.VisitFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads a visit from UTF-8 JSON, and writes it. Fields may come in any order, unknown ones are
 * skipped, as is a byte order mark in front, and of a repeated one the last counts.
 */
public final class VisitJson {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(VisitFormat.MAX_NESTING)
                  // The record's size is bounded before; no part of it needs a bound of its own.
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Where Jackson says that an unfinished object began, with its own settings in the text. */
  private static final Pattern START_MARKER = Pattern.compile(" \\(start marker at \\[.*?\\]\\)");

  /** Decoding puts it in the place of bytes that are not UTF-8; a text may also contain it. */
  private static final char REPLACEMENT = '\uFFFD';

  /** Some editors and programs write it in front of UTF-8; it is no part of the JSON. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private VisitJson() {}

  /**
   * Reads the visit that {@code json} is.
   *
   * @throws RejectedVisitException if it is none
   */
  public static Visit parse(byte[] json) throws RejectedVisitException {
    return new VisitReader(VisitFields.DEFAULT).read(json, 0, json.length);
  }

  /** Reads the visit from {@code from} to {@code to}, whatever the JSON contains. */
  static Visit parse(byte[] json, int from, int to, VisitFields fields)
      throws RejectedVisitException {
    try (JsonParser parser = JSON.createParser(text(json, from, to))) {
      return parse(parser, fields);
    } catch (StreamConstraintsException e) {
      // Nesting is the only thing that the parser bounds.
      throw new RejectedVisitException(
          Reason.TOO_LARGE,
          "the value is nested deeper than " + VisitFormat.MAX_NESTING + " levels");
    } catch (JsonProcessingException e) {
      throw new RejectedVisitException(Reason.NOT_JSON, notJson(e));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
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

  private static String text(byte[] json, int from, int to) throws RejectedVisitException {
    String text = new String(json, from, to - from, StandardCharsets.UTF_8);
    text = text.indexOf(REPLACEMENT) < 0 ? text : textWithReplacement(json, from, to);
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
  }

  private static String textWithReplacement(byte[] json, int from, int to)
      throws RejectedVisitException {
    ByteBuffer bytes = ByteBuffer.wrap(json, from, to - from);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new RejectedVisitException(
          Reason.NOT_JSON,
          "the value is not UTF-8: 0x%02X at byte %s"
              .formatted(json[bytes.position()], bytes.position() - from + 1));
    }
  }

  private static Visit parse(JsonParser parser, VisitFields fields)
      throws IOException, RejectedVisitException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new RejectedVisitException(Reason.EMPTY, "the value is white space only");
    }
    Content[] contents = new Content[fields.tree().endSlot()];
    Arrays.fill(contents, Content.ABSENT);
    if (first == JsonToken.START_OBJECT) {
      readMembers(parser, fields.tree(), contents);
    } else {
      parser.skipChildren();
    }
    if (parser.nextToken() != null) {
      throw new RejectedVisitException(
          Reason.NOT_JSON,
          "the value goes on after the JSON, with " + named(parser.currentToken()));
    }
    if (first != JsonToken.START_OBJECT) {
      throw new RejectedVisitException(
          Reason.NOT_AN_OBJECT, "the value is " + named(first) + ", not an object");
    }
    return new Visit(
        contents[fields.visitId().slot()].requiredText(
            fields.visitId().name(), Reason.MISSING_VISIT_ID),
        EventTime.parseMillis(contents[fields.eventTime().slot()].time(fields.eventTime().name())),
        contents[fields.userId().slot()].text(fields.userId().name()),
        contents[fields.page().slot()].text(fields.page().name()));
  }

  private static void readMembers(JsonParser parser, FieldTree object, Content[] contents)
      throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      read(parser, object.member(name), contents);
    }
  }

  private static void readElements(JsonParser parser, FieldTree array, Content[] contents)
      throws IOException {
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      read(parser, array.element(i), contents);
    }
  }

  /** Reads a value with the fields in it, or skips it; of a repeated one the last counts. */
  private static void read(JsonParser parser, @Nullable FieldTree value, Content[] contents)
      throws IOException {
    if (value == null) {
      parser.skipChildren();
      return;
    }
    Arrays.fill(contents, value.firstSlot(), value.endSlot(), Content.ABSENT);
    if (value.isField()) {
      contents[value.slot()] = Content.of(parser);
    }
    if (value.hasParts() && parser.currentToken() == JsonToken.START_OBJECT) {
      readMembers(parser, value, contents);
    } else if (value.hasParts() && parser.currentToken() == JsonToken.START_ARRAY) {
      readElements(parser, value, contents);
    } else {
      parser.skipChildren();
    }
  }

  private static String notJson(JsonProcessingException e) {
    return "the value is not JSON at line %s, column %s: %s"
        .formatted(
            e.getLocation().getLineNr(),
            e.getLocation().getColumnNr(),
            START_MARKER.matcher(e.getOriginalMessage()).replaceFirst(""));
  }

  private static String named(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      default -> token.asString();
    };
  }

  /** Looks for surrogates before it checks whether they are paired: hardly a text has one. */
  private static boolean containsHalfOfAPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return !StandardCharsets.UTF_8.newEncoder().canEncode(text);
      }
    }
    return false;
  }

  /** The content of a field: its type, and its text if it is a text or a number. */
  private record Content(JsonToken type, @Nullable String value) {
    static final Content ABSENT = new Content(JsonToken.VALUE_NULL, null);

    static Content of(JsonParser parser) throws IOException {
      JsonToken type = parser.currentToken();
      boolean hasText = type == JsonToken.VALUE_STRING || type.isNumeric();
      return new Content(type, hasText ? parser.getText() : null);
    }

    String requiredText(String name, Reason missing) throws RejectedVisitException {
      String text = text(name);
      if (text == null || text.isBlank()) {
        throw new RejectedVisitException(
            missing, name + (text == null ? " is missing or null" : " is blank"));
      }
      return text;
    }

    @Nullable String text(String name) throws RejectedVisitException {
      if (type == JsonToken.VALUE_NULL) {
        return null;
      }
      if (value == null) {
        throw new RejectedVisitException(
            Reason.BAD_FIELD_TYPE, name + " must be a text or a number, not " + named(type));
      }
      if (value.length() > VisitFormat.MAX_TEXT_CHARACTERS) {
        throw new RejectedVisitException(
            Reason.TOO_LARGE,
            name
                + " has "
                + value.length()
                + " characters, "
                + VisitFormat.MAX_TEXT_CHARACTERS
                + " at most");
      }
      if (containsHalfOfAPair(value)) {
        throw new RejectedVisitException(
            Reason.NOT_JSON, name + " holds half of a surrogate pair, which is not a character");
      }
      return value;
    }

    String time(String name) throws RejectedVisitException {
      if (type == JsonToken.VALUE_NULL) {
        throw new RejectedVisitException(Reason.MISSING_EVENT_TIME, name + " is missing or null");
      }
      if (type != JsonToken.VALUE_STRING || value == null) {
        throw new RejectedVisitException(
            Reason.BAD_FIELD_TYPE,
            name
                + " must be a text, not "
                + named(type)
                + (value == null ? "" : " (" + Excerpt.of(value) + ")"));
      }
      return value;
    }
  }
}
