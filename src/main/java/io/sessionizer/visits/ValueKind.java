package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/** What a record looks like that is not in the format that was given, for a message. */
final class ValueKind {
  private static final int MAX_BYTES = 1_000;

  /** First bytes, as characters, and what begins with them. */
  private static final Map<String, String> MAGIC =
      Map.of(
          "\u001f\u008b", "is compressed with gzip",
          "(\u00b5/\u00fd", "is compressed with Zstandard",
          "Obj\u0001", "is an Avro file",
          "PAR1", "is a Parquet file");

  private ValueKind() {}

  /** Returns the end of a sentence about the bytes from {@code from} to {@code to}. */
  static String described(byte[] bytes, int from, int to) {
    String start = new String(bytes, from, Math.min(4, to - from), ISO_8859_1);
    for (Map.Entry<String, String> magic : MAGIC.entrySet()) {
      if (start.startsWith(magic.getKey())) {
        return "; it " + magic.getValue();
      }
    }
    if (to - from > 5 && bytes[from] == 0) {
      return "; it looks like Avro, Protobuf or JSON with the id of a schema registry";
    }
    byte first = bytes[from];
    byte last = bytes[to - 1];
    if ((first == '{' && last == '}') || (first == '[' && last == ']')) {
      return "; it looks like JSON";
    }
    if (first == '<' && last == '>') {
      return "; it looks like XML";
    }
    // No more than is shown of it, and not half of its last character.
    int end = Math.min(to, from + MAX_BYTES);
    while (end < to && end > from && (bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return "; it is " + Excerpt.of(new String(bytes, from, end - from, UTF_8));
  }
}
