package io.sessionizer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.kafka.admin.RecordJson;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** A text format of Kafka records. */
interface PrintedRecord {
  /** Control characters, which a terminal may execute. */
  Pattern CONTROL = Pattern.compile("\\p{Cntrl}|[\\x80-\\x9f]");

  /** Returns the record as text that ends with a line feed. */
  String text(ConsumerRecord<byte[], byte[]> record);

  /** Returns the format with one JSON object per record and line. */
  static PrintedRecord json() {
    return record -> RecordJson.of(record) + "\n";
  }

  /**
   * Returns the format with key and headers on one line, the value below. Control characters are
   * escaped, and no text of a record is read as markup.
   *
   * @param ansi whether to use colours
   */
  static PrintedRecord pretty(Ansi ansi) {
    return record -> pretty(record, ansi);
  }

  private static String pretty(ConsumerRecord<byte[], byte[]> record, Ansi ansi) {
    ObjectNode json = RecordJson.of(record);
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
        + (ansi.enabled()
            ? Style.reset.on()
            : "") // not bold.off(), which underlines on many terminals
        + printable(rest)
        + "\n  "
        + (record.value() == null ? "(deleted)" : printable(value.toString()))
        + "\n";
  }

  /** Escapes control characters, also those above the space, which JSON leaves unescaped. */
  static String printable(CharSequence text) {
    return CONTROL
        .matcher(text)
        .replaceAll(control -> "\\\\u%04x".formatted((int) control.group().charAt(0)));
  }
}
