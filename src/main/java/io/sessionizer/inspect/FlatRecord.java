package io.sessionizer.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The values of a record, each by its field as users write it: a member of the record by its name,
 * one further inside by its JSON Pointer. Of an array of objects with a text {@code key} each
 * element has that key as its step, of any other array only the first element is read. A text that
 * is a JSON object is there itself, and its members as if it were an object.
 *
 * <p>For example, {@code {"a":{"b":[1,2]},"c":[{"key":"k","value":3}]}} has 1 at {@code /a/b/0} and
 * 3 at {@code /c[key=k]/value}.
 */
final class FlatRecord {
  /** How many values of a record are read; more would be values used as names. */
  static final int MAX_VALUES = 400;

  private static final int MAX_DEPTH = 12;
  private static final String KEY = "key";

  private final Map<String, JsonNode> values = new LinkedHashMap<>();

  /** Returns the values of an object. */
  static FlatRecord of(JsonNode object) {
    FlatRecord fields = new FlatRecord();
    fields.addMembers(object, "", 0);
    return fields;
  }

  /** Returns the cells of a line, by the names of their columns. */
  static FlatRecord of(Map<String, String> cells) {
    FlatRecord fields = new FlatRecord();
    cells.forEach((name, text) -> fields.add(name(name), TextNode.valueOf(text)));
    return fields;
  }

  private void addMembers(JsonNode object, String pointer, int depth) {
    object
        .properties()
        .forEach(
            member ->
                addValue(
                    depth == 0 ? name(member.getKey()) : pointer + "/" + step(member.getKey()),
                    "/" + step(member.getKey()),
                    pointer,
                    member.getValue(),
                    depth));
  }

  /**
   * Adds a value.
   *
   * @param field the value's
   * @param step from the object that has it
   * @param pointer of that object
   */
  private void addValue(String field, String step, String pointer, JsonNode value, int depth) {
    if (values.size() >= MAX_VALUES) {
      return;
    }
    String inside = pointer + step;
    if (value.isObject() && depth < MAX_DEPTH) {
      addMembers(value, inside, depth + 1);
    } else if (value.isArray() && depth < MAX_DEPTH && !value.isEmpty()) {
      addElements(value, inside, depth + 1);
    } else {
      add(field, value);
      JsonNode object = value.isTextual() ? Shape.object(value.textValue()) : null;
      if (object != null && depth < MAX_DEPTH) {
        addMembers(object, inside, depth + 1);
      }
    }
  }

  private void addElements(JsonNode array, String pointer, int depth) {
    if (!array.get(0).path(KEY).isTextual()) {
      addValue(pointer + "/0", "/0", pointer, array.get(0), depth);
      return;
    }
    for (JsonNode element : array) {
      String key = element.path(KEY).asText();
      if (element.path(KEY).isTextual() && key.indexOf(']') < 0) {
        element
            .properties()
            .forEach(
                member -> {
                  String at = pointer + "[key=" + escaped(key) + "]";
                  String step = "/" + step(member.getKey());
                  if (!member.getKey().equals(KEY)) {
                    addValue(at + step, step, at, member.getValue(), depth);
                  }
                });
      }
    }
  }

  private void add(String field, JsonNode value) {
    if (values.size() < MAX_VALUES) {
      values.putIfAbsent(field, value);
    }
  }

  /** Adds a value of the record that is not in its text. */
  void add(String field, String text) {
    values.put(field, TextNode.valueOf(text));
  }

  /** Returns a member's name as a field. */
  static String name(String member) {
    boolean isPointer = member.isEmpty() || member.startsWith("/") || member.startsWith("kafka:");
    return isPointer ? "/" + step(member) : escaped(member);
  }

  private static String step(String member) {
    return escaped(
        member.indexOf('~') < 0 && member.indexOf('/') < 0
            ? member
            : member.replace("~", "~0").replace("/", "~1"));
  }

  private static String escaped(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (",+=()[]\\".indexOf(text.charAt(i)) >= 0) {
        return text.replaceAll("[,+=()\\[\\]\\\\]", "\\\\$0");
      }
    }
    return text;
  }

  Map<String, JsonNode> values() {
    return values;
  }

  /** Returns the value of a field; null if there is none. */
  @Nullable JsonNode get(String field) {
    JsonNode value = values.get(field);
    return value == null || value.isNull() ? null : value;
  }

  /** Returns the text of a field, a number's digits as well; null if it is neither. */
  @Nullable String text(String field) {
    JsonNode value = get(field);
    return value != null && (value.isTextual() || value.isNumber()) ? value.asText() : null;
  }
}
