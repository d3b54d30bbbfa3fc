package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class PrintedRecordTest {
  @Test
  void printsKeyHeadersPositionAndValue() {
    ConsumerRecord<byte[], byte[]> record = record("a@1", "{\"visit_id\":\"a\"}");
    record.headers().add("revision", "2".getBytes(UTF_8));
    assertEquals(
        "a@1  revision=\"2\"  (sessions-1 @ 7)\n  {\"visit_id\":\"a\"}\n",
        PrintedRecord.pretty(Ansi.OFF).text(record));
    assertEquals(
        "{\"partition\":1,\"offset\":7,\"key\":\"a@1\",\"headers\":{\"revision\":\"2\"},"
            + "\"value\":{\"visit_id\":\"a\"}}\n",
        PrintedRecord.json().text(record));
  }

  @Test
  void numbersHaveAllDigits() {
    String value = "{\"sum\":12345678901234567890.50,\"n\":123456789012345678901234567890}";
    ConsumerRecord<byte[], byte[]> record = record("a@1", value);
    assertEquals(
        "{\"partition\":1,\"offset\":7,\"key\":\"a@1\",\"headers\":{},\"value\":" + value + "}\n",
        PrintedRecord.json().text(record));
  }

  @Test
  void printsTombstone() {
    ConsumerRecord<byte[], byte[]> record = record("a@2", null);
    record.headers().add("superseded_by", "a@1".getBytes(UTF_8));
    assertEquals(
        "a@2  superseded_by=\"a@1\"  (sessions-1 @ 7)\n  (deleted)\n",
        PrintedRecord.pretty(Ansi.OFF).text(record));
  }

  @Test
  void escapesControlCharactersAndMarkup() {
    ConsumerRecord<byte[], byte[]> record =
        record("@|red \u001b[2J|@\u009b", "not JSON \u001b[2J\u009b\u007f");
    record.headers().add("h\u0007", "\u001b".getBytes(UTF_8));
    assertEquals(
        List.of(
            "@|red \\u001b[2J|@\\u009b  h\\u0007=\"\\u001B\"  (sessions-1 @ 7)",
            "  \"not JSON \\u001B[2J\\u009b\\u007f\""),
        PrintedRecord.pretty(Ansi.OFF).text(record).lines().toList());
  }

  @Test
  void printsBinaryValueAsBase64() {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("t", 0, 0, null, new byte[] {(byte) 0xff});
    assertEquals(
        "{\"partition\":0,\"offset\":0,\"key\":null,\"headers\":{},\"value_base64\":\"/w==\"}\n",
        PrintedRecord.json().text(record));
    assertEquals("(no text)  (t-0 @ 0)\n  \"/w==\"\n", PrintedRecord.pretty(Ansi.OFF).text(record));
  }

  private static ConsumerRecord<byte[], byte[]> record(String key, @Nullable String value) {
    return new ConsumerRecord<>(
        "sessions", 1, 7, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
  }
}
