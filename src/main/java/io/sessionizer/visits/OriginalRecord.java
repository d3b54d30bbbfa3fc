package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.TopicRecord;
import io.sessionizer.records.TopicRecord.Header;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record as it was read, as bytes: its key and its value, each behind its length and one, 0 if it
 * is missing, and between them the number of its headers, each a name behind its length and a value
 * like the key.
 */
final class OriginalRecord {
  private OriginalRecord() {}

  /** Returns the bytes of headers: those of a record without key and value. */
  static byte[] headerBytes(List<Header> headers) {
    return toBytes(new TopicRecord(null, null, headers));
  }

  /** Returns the headers whose bytes {@link #headerBytes} returned. */
  static List<Header> headers(byte[] bytes) {
    return read(bytes).headers();
  }

  static byte[] toBytes(TopicRecord record) {
    VisitBytes out = new VisitBytes(256);
    write(record, out);
    return out.toArray();
  }

  static void write(TopicRecord record, VisitBytes out) {
    writeOptional(record.key(), out);
    out.writeNumber(record.headers().size());
    for (Header header : record.headers()) {
      byte[] name = header.name().getBytes(UTF_8);
      out.writeText(name, 0, name.length, 0);
      writeOptional(header.value(), out);
    }
    writeOptional(record.value(), out);
  }

  private static void writeOptional(byte @Nullable [] bytes, VisitBytes out) {
    if (bytes == null) {
      out.writeByte(0);
    } else {
      out.writeText(bytes, 0, bytes.length, 1);
    }
  }

  static TopicRecord read(byte[] bytes) {
    return read(ByteBuffer.wrap(bytes));
  }

  static TopicRecord read(ByteBuffer in) {
    byte[] key = readOptional(in);
    int count = (int) VisitPacket.readNumber(in);
    List<Header> headers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] name = readBytes((int) VisitPacket.readNumber(in), in);
      headers.add(new Header(new String(name, UTF_8), readOptional(in)));
    }
    return new TopicRecord(key, readOptional(in), headers);
  }

  private static byte @Nullable [] readOptional(ByteBuffer in) {
    int length = (int) VisitPacket.readNumber(in) - 1;
    return length < 0 ? null : readBytes(length, in);
  }

  private static byte[] readBytes(int length, ByteBuffer in) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
