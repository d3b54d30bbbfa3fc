package io.sessionizer.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The form of a record, known by its bytes alone. */
enum Shape {
  OBJECT("JSON objects"),
  PREFIXED_OBJECT("JSON objects behind the id of a schema registry"),
  ARRAY("JSON arrays"),
  JSON_VALUE("JSON, but no objects"),
  MALFORMED("malformed JSON"),
  TEXT("text"),
  SCHEMA_ID("binary behind the id of a schema registry: Avro or Protobuf"),
  AVRO_FILE("an Avro file"),
  PARQUET_FILE("a Parquet file"),
  BINARY("binary: Avro or Protobuf, or encrypted"),
  TOO_LARGE("larger than --maxRecordBytes (1,048,576)"),
  EMPTY("without a value");

  /** The bytes in front of a value that a serializer with a schema registry writes. */
  private static final int PREFIX_BYTES = 5;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String title;

  Shape(String title) {
    this.title = title;
  }

  /** Returns what records of this shape are, for people. */
  String title() {
    return title;
  }

  /** Whether records of this shape have fields. */
  boolean isReadable() {
    return this == OBJECT || this == PREFIXED_OBJECT || this == TEXT;
  }

  /** A record's shape, and the JSON that it is. */
  record Read(Shape shape, @Nullable JsonNode json) {}

  /** Reads a record. Never throws. */
  static Read of(SampledRecord record) {
    return record.isTooLarge() ? new Read(TOO_LARGE, null) : read(record.value());
  }

  /** Reads the value of a record. Never throws. */
  static Read read(byte[] value) {
    int from = start(value, 0);
    if (from == value.length) {
      return new Read(EMPTY, null);
    }
    if (startsWith(value, "Obj\u0001")) {
      return new Read(AVRO_FILE, null);
    }
    if (startsWith(value, "PAR1")) {
      return new Read(PARQUET_FILE, null);
    }
    if (value[0] == 0 && value.length > PREFIX_BYTES) {
      JsonNode json = value[PREFIX_BYTES] == '{' ? json(value, PREFIX_BYTES) : null;
      return new Read(json == null ? SCHEMA_ID : PREFIXED_OBJECT, json);
    }
    JsonNode json = json(value, from);
    if (json != null) {
      Shape shape = json.isObject() ? OBJECT : json.isArray() ? ARRAY : JSON_VALUE;
      // A number or a word may be the first cell of a text.
      return new Read(shape == JSON_VALUE && !json.isTextual() ? TEXT : shape, json);
    }
    if (!isText(value)) {
      return new Read(BINARY, null);
    }
    return new Read(value[from] == '{' || value[from] == '[' ? bracketed(value, from) : TEXT, null);
  }

  /** A log's line may start with a bracket; a part of a pretty-printed object is malformed. */
  private static Shape bracketed(byte[] value, int from) {
    int next = start(value, from + 1);
    boolean isJson =
        next == value.length
            || value[from] == '{'
            || value[next] == '{'
            || value[next] == '"'
            || value[next] == '[';
    return isJson ? MALFORMED : TEXT;
  }

  private static @Nullable JsonNode json(byte[] value, int from) {
    try (var parser = JSON.createParser(value, from, value.length - from)) {
      JsonNode json = JSON.readTree(parser);
      return json == null || parser.nextToken() != null ? null : json;
    } catch (IOException e) {
      return null;
    }
  }

  /** Reads a text as a JSON object; null if it is none. */
  static @Nullable JsonNode object(String text) {
    if (!text.startsWith("{") || !text.endsWith("}")) {
      return null;
    }
    try {
      JsonNode json = JSON.readTree(text);
      return json != null && json.isObject() ? json : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static int start(byte[] value, int from) {
    int at = from;
    while (at < value.length && isSpace(value[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  private static boolean startsWith(byte[] value, String magic) {
    byte[] bytes = magic.getBytes(StandardCharsets.US_ASCII);
    return value.length >= bytes.length
        && ByteBuffer.wrap(value, 0, bytes.length).equals(ByteBuffer.wrap(bytes));
  }

  private static boolean isText(byte[] value) {
    for (byte b : value) {
      if (b >= 0 && b < ' ' && !isSpace(b)) {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
