package io.sessionizer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.kafka.admin.RecordJson;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
    return record -> RecordJson.of(record) + "\n";
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

  /** JSON escapes the control characters below the space only; a terminal obeys others, too. */
  static String printable(CharSequence text) {
    return CONTROL
        .matcher(text)
        .replaceAll(control -> "\\\\u%04x".formatted((int) control.group().charAt(0)));
  }
}
