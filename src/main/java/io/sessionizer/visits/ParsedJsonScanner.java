package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.sessionizer.records.Reason;
import io.sessionizer.records.VisitFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Finds fields in UTF-8 JSON, whatever it contains: with a JSON parser, which takes several times
 * as long as {@link FieldScanner}, and says what is wrong. A byte order mark in front is skipped.
 */
final class ParsedJsonScanner implements RecordScanner {
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

  private final FieldTree tree;
  private final RecordFields fields;
  private final String subject;

  ParsedJsonScanner(FieldTree tree, RecordFields fields) {
    this(tree, fields, "the value");
  }

  /**
   * Creates a scanner of something else than a record's value.
   *
   * @param subject what it is, for messages
   */
  ParsedJsonScanner(FieldTree tree, RecordFields fields, String subject) {
    this.tree = tree;
    this.fields = fields;
    this.subject = subject;
  }

  @Override
  public void scan(byte[] json, int from, int to) throws RejectedVisitException {
    fields.clear(tree.isField() ? tree.slot() + 1 : tree.firstSlot(), tree.endSlot());
    try (JsonParser parser = JSON.createParser(text(json, from, to))) {
      scan(parser);
    } catch (StreamConstraintsException e) {
      // Nesting is the only thing that the parser bounds.
      throw new RejectedVisitException(
          Reason.TOO_LARGE,
          subject + " is nested deeper than " + VisitFormat.MAX_NESTING + " levels");
    } catch (JsonProcessingException e) {
      throw new RejectedVisitException(Reason.NOT_JSON, notJson(e));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private String text(byte[] json, int from, int to) throws RejectedVisitException {
    String text = new String(json, from, to - from, UTF_8);
    text = text.indexOf(REPLACEMENT) < 0 ? text : textWithReplacement(json, from, to);
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
  }

  private String textWithReplacement(byte[] json, int from, int to) throws RejectedVisitException {
    ByteBuffer bytes = ByteBuffer.wrap(json, from, to - from);
    try {
      return UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new RejectedVisitException(
          Reason.NOT_JSON,
          "%s is not UTF-8: 0x%02X at byte %s"
              .formatted(subject, json[bytes.position()], bytes.position() - from + 1));
    }
  }

  private void scan(JsonParser parser) throws IOException, RejectedVisitException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new RejectedVisitException(Reason.EMPTY, subject + " is white space only");
    }
    if (first == JsonToken.START_OBJECT) {
      readMembers(parser, tree);
    } else {
      parser.skipChildren();
    }
    if (parser.nextToken() != null) {
      throw new RejectedVisitException(
          Reason.NOT_JSON,
          subject + " goes on after the JSON, with " + named(parser.currentToken()));
    }
    if (first != JsonToken.START_OBJECT) {
      throw new RejectedVisitException(
          Reason.NOT_AN_OBJECT, subject + " is " + named(first) + ", not an object");
    }
  }

  private void readMembers(JsonParser parser, FieldTree object) throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      read(parser, object.member(name));
    }
  }

  private void readElements(JsonParser parser, FieldTree array) throws IOException {
    ChosenElements chosen = ChosenElements.of(array, fields);
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      boolean isObject = parser.currentToken() == JsonToken.START_OBJECT;
      read(parser, chosen == null ? array.element(i) : array.anyElement());
      if (chosen != null) {
        chosen.add(i, isObject);
      }
    }
  }

  /** Reads a value with the fields in it, or skips it; of a repeated one the last counts. */
  private void read(JsonParser parser, @Nullable FieldTree value) throws IOException {
    if (value == null) {
      parser.skipChildren();
      return;
    }
    fields.clear(value.firstSlot(), value.endSlot());
    if (value.isField()) {
      set(value.slot(), parser);
    }
    if (value.hasParts() && parser.currentToken() == JsonToken.START_OBJECT) {
      readMembers(parser, value);
    } else if (value.hasParts() && parser.currentToken() == JsonToken.START_ARRAY) {
      readElements(parser, value);
    } else {
      parser.skipChildren();
    }
  }

  private void set(int slot, JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING -> fields.setText(slot, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> fields.setNumber(slot, parser.getText());
      case VALUE_TRUE -> fields.setType(slot, RecordFields.TRUE);
      case VALUE_FALSE -> fields.setType(slot, RecordFields.FALSE);
      case START_OBJECT -> fields.setType(slot, RecordFields.OBJECT);
      case START_ARRAY -> fields.setType(slot, RecordFields.ARRAY);
      default -> fields.setType(slot, RecordFields.MISSING);
    }
  }

  private String notJson(JsonProcessingException e) {
    return "%s is not JSON at line %s, column %s: %s"
        .formatted(
            subject,
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
}
