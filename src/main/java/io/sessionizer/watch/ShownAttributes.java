package io.sessionizer.watch;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.records.ExactJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The attributes of a session as the page shows them: the first ones, as text, and long values cut.
 * They are read when they are shown, since a page has many sessions and shows few.
 */
final class ShownAttributes {
  private static final int MOST = 20;
  private static final int LONGEST_VALUE = 100;

  private final byte[] object;

  private ShownAttributes(byte[] object) {
    this.object = object;
  }

  /** Returns those of a JSON object; null if there is none. */
  static @Nullable ShownAttributes of(byte @Nullable [] object) {
    return object == null ? null : new ShownAttributes(object);
  }

  /**
   * An attribute.
   *
   * @param value of a list, its elements
   */
  record ShownAttribute(String name, String value) {}

  /**
   * The first attributes.
   *
   * @param more how many there are besides
   */
  record FirstAttributes(List<ShownAttribute> all, int more) {}

  /** Returns the first attributes, in their order. */
  @JsonValue
  FirstAttributes first() {
    JsonNode attributes = attributes();
    List<ShownAttribute> first = new ArrayList<>();
    int more = 0;
    for (Map.Entry<String, JsonNode> attribute : attributes.properties()) {
      String name = attribute.getKey();
      if (isMark(name, attributes)) {
        continue;
      }
      if (first.size() == MOST) {
        more++;
      } else {
        boolean isTruncated = attributes.has(name + AttributeDefinition.TRUNCATED);
        first.add(new ShownAttribute(name, text(attribute.getValue(), isTruncated)));
      }
    }
    return new FirstAttributes(first, more);
  }

  /** Whether it only says that the list before it is not complete. */
  private static boolean isMark(String name, JsonNode attributes) {
    String mark = AttributeDefinition.TRUNCATED;
    return name.endsWith(mark)
        && attributes.path(name.substring(0, name.length() - mark.length())).isArray();
  }

  private JsonNode attributes() {
    try {
      return ExactJson.tree(object);
    } catch (IOException e) {
      throw new UncheckedIOException("the attributes of a session that was read are JSON", e);
    }
  }

  private static String text(JsonNode value, boolean isTruncated) {
    if (!value.isArray()) {
      return cut(scalar(value));
    }
    List<String> elements = new ArrayList<>();
    value.forEach(element -> elements.add(scalar(element)));
    if (isTruncated) {
      elements.add("…");
    }
    return elements.isEmpty() ? "(none)" : cut(String.join(", ", elements));
  }

  private static String scalar(JsonNode value) {
    return ExactJson.isComputable(value) ? value.decimalValue().toPlainString() : value.asText();
  }

  /** A line break in a text would look like another attribute. */
  private static String cut(String value) {
    String line = value.replaceAll("\\p{Cntrl}", " ");
    return String.valueOf(Lane.shortened(line, LONGEST_VALUE));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ShownAttributes that && Arrays.equals(object, that.object);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(object);
  }
}
