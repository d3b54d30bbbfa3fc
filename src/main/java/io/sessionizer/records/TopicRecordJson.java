package io.sessionizer.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A record as JSON, for people and for files: key, headers and value. */
public final class TopicRecordJson {
  private static final String KEY = "key";
  private static final String HEADERS = "headers";
  private static final String VALUE = "value";
  private static final String BASE64 = "_base64";

  private TopicRecordJson() {}

  /** Returns an object without fields. */
  public static ObjectNode empty() {
    return ExactJson.empty();
  }

  /**
   * Adds the parts of a record: its texts as they are, its value as JSON if it is JSON, and what is
   * not UTF-8 in base64, under a name that ends with {@code _base64}.
   */
  public static void addTo(ObjectNode json, TopicRecord record) {
    String key = text(record.key());
    put(json, KEY, key, key == null ? record.key() : null);
    ObjectNode headers = json.putObject(HEADERS);
    for (TopicRecord.Header header : record.headers()) {
      String value = text(header.value());
      put(headers, header.name(), value, value == null ? header.value() : null);
    }
    JsonNode value = tree(record.value());
    if (value != null) {
      json.set(VALUE, value);
    } else {
      String text = text(record.value());
      put(json, VALUE, text, text == null ? record.value() : null);
    }
  }

  /**
   * Returns the record whose parts {@link #addTo} added; nothing if {@code json} is something else.
   */
  public static Optional<TopicRecord> read(JsonNode json) {
    if (!json.has(HEADERS)) {
      return Optional.empty();
    }
    List<TopicRecord.Header> headers = new ArrayList<>();
    json.get(HEADERS)
        .properties()
        .forEach(
            header -> {
              String name = header.getKey();
              if (name.endsWith(BASE64)) {
                name = name.substring(0, name.length() - BASE64.length());
              }
              headers.add(new TopicRecord.Header(name, bytes(json.get(HEADERS), name)));
            });
    return Optional.of(new TopicRecord(bytes(json, KEY), bytes(json, VALUE), headers));
  }

  /** Like {@link #read(JsonNode)}, of a line of a file. */
  public static Optional<TopicRecord> read(byte[] line) {
    try {
      return read(ExactJson.tree(new String(line, StandardCharsets.UTF_8)));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static byte @Nullable [] bytes(JsonNode json, String name) {
    if (json.has(name + BASE64)) {
      return base64(json.get(name + BASE64));
    }
    JsonNode part = json.path(name);
    if (part.isNull() || part.isMissingNode()) {
      return null;
    }
    return (part.isTextual() ? part.textValue() : part.toString()).getBytes(StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] base64(JsonNode part) {
    try {
      return part.binaryValue();
    } catch (IOException e) {
      return null;
    }
  }

  private static void put(
      ObjectNode json, String name, @Nullable String text, byte @Nullable [] bytes) {
    if (text == null && bytes != null) {
      json.put(name + BASE64, bytes);
    } else {
      json.put(name, text);
    }
  }

  private static @Nullable JsonNode tree(byte @Nullable [] bytes) {
    try {
      String text = text(bytes);
      JsonNode tree = text == null ? null : ExactJson.tree(text);
      return tree == null || tree.isMissingNode() ? null : tree;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
