package io.sessionizer.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A record of a topic, as bytes. Its arrays are not copied.
 *
 * @param key the key, or null
 * @param value the value, or null
 * @param headers the headers, in their order
 */
public record TopicRecord(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
  /** The most bytes that Kafka needs for a length. */
  private static final int LENGTH_BYTES = 5;

  /**
   * A header of a record.
   *
   * @param name one of {@link RecordHeaders}, if a job wrote it
   * @param value UTF-8 text, if a job wrote it
   */
  public record Header(String name, byte @Nullable [] value) {
    static Header of(String name, Object value) {
      return new Header(name, value.toString().getBytes(UTF_8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Header that
          && name.equals(that.name)
          && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, Arrays.hashCode(value));
    }

    @Override
    public String toString() {
      return name + "=" + text(value);
    }
  }

  /** Returns about how many bytes it has on a topic. */
  public long size() {
    return length(key) + length(value) + size(headers);
  }

  /** Returns about how many bytes headers have on a topic. */
  static long size(List<Header> headers) {
    return headers.stream()
        .mapToLong(header -> 2 * LENGTH_BYTES + utf8Length(header.name()) + length(header.value()))
        .sum();
  }

  private static long utf8Length(String text) {
    return text.getBytes(UTF_8).length;
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** Returns the record with one more header. */
  public TopicRecord with(String header, Object value) {
    List<Header> all = new ArrayList<>(headers);
    all.add(Header.of(header, value));
    return new TopicRecord(key, value(), all);
  }

  /** Returns the key as text; empty if there is none. */
  String keyText() {
    return text(key);
  }

  /** Returns the text of the last header with a name, or null. */
  @Nullable String optionalHeader(String name) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      if (headers.get(i).name().equals(name)) {
        return text(headers.get(i).value());
      }
    }
    return null;
  }

  /** Returns the text of the last header with a name. */
  String header(String name) throws MalformedRecordException {
    String text = optionalHeader(name);
    if (text == null) {
      throw new MalformedRecordException("there is no header " + name);
    }
    return text;
  }

  /** Returns the number in the last header with a name. */
  long longHeader(String name) throws MalformedRecordException {
    String text = header(name);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new MalformedRecordException("the header " + name + " is not a number: " + text);
    }
  }

  /** Returns the number in the last header with a name. */
  int intHeader(String name) throws MalformedRecordException {
    long number = longHeader(name);
    if (number != (int) number) {
      throw new MalformedRecordException("the header " + name + " is too large: " + number);
    }
    return (int) number;
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TopicRecord that
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && headers.equals(that.headers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(key), Arrays.hashCode(value), headers);
  }

  @Override
  public String toString() {
    return text(key) + " " + headers + " " + text(value);
  }
}
