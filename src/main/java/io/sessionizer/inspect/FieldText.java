package io.sessionizer.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A field as flags name it, of the forms that {@code inspect} itself suggests: names and pointers,
 * {@code path(FIELD)}, several with a comma between them, which are alternatives, and several of
 * these with a plus between them, which are joined.
 *
 * <p>For example, {@code a,/b/c+path(d)} is the first of {@code a} and {@code /b/c}, joined to the
 * path of the URL in {@code d}.
 *
 * @param parts each with its alternatives
 */
record FieldText(List<List<Alternative>> parts) {
  private static final String PATH = "path(";

  /**
   * One way to get a value.
   *
   * @param field in the record
   * @param isPath whether the value is the path of the URL there
   */
  record Alternative(String field, boolean isPath) {
    private static Alternative of(String text) {
      return text.startsWith(PATH)
          ? new Alternative(text.substring(PATH.length(), text.length() - 1), true)
          : new Alternative(text, false);
    }

    @Override
    public String toString() {
      return isPath ? PATH + field + ")" : field;
    }
  }

  static FieldText of(String text) {
    return new FieldText(
        split(text, '+').stream()
            .map(part -> split(part, ',').stream().map(Alternative::of).toList())
            .toList());
  }

  /** Divides a text at a character that has no backslash in front. */
  private static List<String> split(String text, char at) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == at) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** Returns the names of the fields that it reads. */
  Stream<String> fields() {
    return parts.stream().flatMap(List::stream).map(Alternative::field);
  }

  /** Returns the text of a record, null if there is none. */
  @Nullable String text(FlatRecord record, Set<String> missing) {
    List<@Nullable String> texts =
        parts.stream().map(alternatives -> first(record, alternatives, missing)).toList();
    if (texts.stream().anyMatch(Objects::isNull)) {
      return null;
    }
    return texts.size() == 1
        ? texts.get(0)
        : texts.stream().map(FieldText::escaped).collect(Collectors.joining(":"));
  }

  /** Escapes the character that joins, as the job does. */
  private static String escaped(@Nullable String part) {
    return String.valueOf(part).replace("\\", "\\\\").replace(":", "\\:");
  }

  private static @Nullable String first(
      FlatRecord record, List<Alternative> alternatives, Set<String> missing) {
    for (Alternative alternative : alternatives) {
      String text = record.text(alternative.field());
      if (text != null && !missing.contains(text)) {
        return alternative.isPath() ? path(text) : text;
      }
    }
    return null;
  }

  /** Returns the time of a record, {@link TimeFormat#NONE} if there is none. */
  long millis(FlatRecord record, TimeFormat format, Set<String> missing) {
    if (parts.size() > 1) {
      List<@Nullable String> texts =
          parts.stream().map(alternatives -> first(record, alternatives, missing)).toList();
      return texts.stream().anyMatch(Objects::isNull)
          ? TimeFormat.NONE
          : format.millis(TextNode.valueOf(String.join(" ", texts)));
    }
    for (Alternative alternative : parts.get(0)) {
      JsonNode value = record.get(alternative.field());
      if (value != null && !(value.isTextual() && missing.contains(value.textValue()))) {
        return format.millis(value);
      }
    }
    return TimeFormat.NONE;
  }

  private static String path(String url) {
    int host = url.indexOf("://");
    int from = host < 0 ? 0 : url.indexOf('/', host + "://".length());
    if (from < 0) {
      return "/";
    }
    String path = url.substring(from).split("[?#]", 2)[0];
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return path;
    }
  }

  @Override
  public String toString() {
    return parts.stream()
        .map(part -> part.stream().map(Alternative::toString).collect(Collectors.joining(",")))
        .collect(Collectors.joining("+"));
  }
}
