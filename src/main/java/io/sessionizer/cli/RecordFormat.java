package io.sessionizer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** How a record is shown. */
interface RecordFormat {
  /** Characters that a terminal may take for a command. */
  Pattern CONTROL = Pattern.compile("\\p{Cntrl}|[\\x80-\\x9f]");

  /** Returns the record as text, ending with a line feed. */
  String text(ConsumerRecord<byte[], byte[]> record);

  /** One JSON object per record and line. */
  static RecordFormat json() {
    return record -> Json.of(record) + "\n";
  }

  /**
   * Key and headers on one line, the value below. No control character of a record reaches the
   * terminal, and no text of it is taken for markup.
   *
   * @param ansi whether to use colours
   */
  static RecordFormat pretty(Ansi ansi) {
    return record -> pretty(record, ansi);
  }

  private static String pretty(ConsumerRecord<byte[], byte[]> record, Ansi ansi) {
    ObjectNode json = Json.of(record);
    StringBuilder line = new StringBuilder();
    line.append(json.path("key").isTextual() ? json.get("key").asText() : "(no text)");
    StringBuilder rest = new StringBuilder();
    json.get("headers")
        .properties()
        .forEach(h -> rest.append("  ").append(h.getKey()).append('=').append(h.getValue()));
    rest.append("  (").append(record.topic()).append('-').append(record.partition());
    rest.append(" @ ").append(record.offset()).append(")");
    JsonNode value = json.has("value") ? json.get("value") : json.get("value_base64");
    return (ansi.enabled() ? Style.bold.on() : "")
        + printable(line)
        + (ansi.enabled() ? Style.bold.off() : "")
        + printable(rest)
        + "\n  "
        + (record.value() == null ? "(deleted)" : printable(value.toString()))
        + "\n";
  }

  /** JSON escapes the control characters below the space only; a terminal obeys others, too. */
  static String printable(CharSequence text) {
    return CONTROL
        .matcher(text)
        .replaceAll(control -> "\\\\u%04x".formatted((int) control.group().charAt(0)));
  }

  /** The parts of a record as JSON. */
  final class Json {
    private static final ObjectMapper MAPPER =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private Json() {}

    static ObjectNode of(ConsumerRecord<byte[], byte[]> record) {
      ObjectNode json = MAPPER.createObjectNode();
      json.put("partition", record.partition());
      json.put("offset", record.offset());
      String key = text(record.key());
      put(json, "key", key, key == null ? record.key() : null);
      ObjectNode headers = json.putObject("headers");
      for (Header header : record.headers()) {
        String value = text(header.value());
        put(headers, header.key(), value, value == null ? header.value() : null);
      }
      JsonNode value = tree(record.value());
      if (value != null) {
        json.set("value", value);
      } else {
        String text = text(record.value());
        put(json, "value", text, text == null ? record.value() : null);
      }
      return json;
    }

    private static void put(
        ObjectNode json, String name, @Nullable String text, byte @Nullable [] bytes) {
      if (text == null && bytes != null) {
        json.put(name + "_base64", bytes);
      } else {
        json.put(name, text);
      }
    }

    private static @Nullable JsonNode tree(byte @Nullable [] bytes) {
      try {
        String text = text(bytes);
        JsonNode tree = text == null ? null : MAPPER.readTree(text);
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
}
