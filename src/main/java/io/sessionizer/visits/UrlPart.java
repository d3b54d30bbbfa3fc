package io.sessionizer.visits;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.formats.FieldExpression.Function;

/**
 * A part of a URL, of which scheme and host may be left out: {@code
 * https://user@example.com:8080/a%20b?q=1+2#top} has the host {@code example.com}, the path {@code
 * /a b} and the parameter {@code q}, {@code 1 2}. Escapes that are not well-formed UTF-8 are left
 * as they are. A URL with a host and no path has the path {@code /}. Not thread-safe.
 */
final class UrlPart implements Evaluation {
  private final Function function;
  private final Evaluation url;
  private final byte[] parameter;
  private final int slot;

  /** The part that was found. */
  private int from;

  private int to;

  /**
   * Creates the evaluation.
   *
   * @param function which part
   * @param url of which text
   * @param parameter the name of the parameter, if the part is one of the query
   * @param slot where the part goes
   */
  UrlPart(Function function, Evaluation url, String parameter, int slot) {
    this.function = function;
    this.url = url;
    this.parameter = parameter.getBytes(UTF_8);
    this.slot = slot;
  }

  @Override
  public int evaluate(RecordFields fields) {
    int text = url.evaluate(fields);
    if (!fields.isTextOrNumber(text)) {
      return text;
    }
    byte[] bytes = fields.bytes(text);
    int start = fields.start(text);
    int fragment = indexOf(bytes, '#', start, fields.end(text));
    int query = indexOf(bytes, '?', start, fragment);
    switch (function) {
      case QUERY -> find(bytes, Math.min(query + 1, fragment), fragment);
      case HOST -> findHost(bytes, start, query);
      default -> findPath(bytes, start, query);
    }
    if (to < 0) {
      fields.setType(slot, RecordFields.MISSING);
    } else if (function == Function.PATH && from == to && hasHost(bytes, start, query)) {
      fields.startText();
      fields.append((byte) '/');
      fields.endText(slot);
    } else {
      setDecoded(fields, text, bytes);
    }
    return slot;
  }

  private void setDecoded(RecordFields fields, int text, byte[] bytes) {
    boolean isQuery = function == Function.QUERY;
    boolean hasPlus = isQuery && indexOf(bytes, '+', from, to) < to;
    if (!hasPlus && indexOf(bytes, '%', from, to) == to) {
      fields.setSlice(slot, text, from, to);
      return;
    }
    fields.startText();
    int at = from;
    while (at < to) {
      int escaped = escaped(bytes, at, to);
      byte plain = isQuery && bytes[at] == '+' ? (byte) ' ' : bytes[at];
      fields.append(escaped >= 0 ? (byte) escaped : plain);
      at += escaped >= 0 ? 3 : 1;
    }
    if (!fields.endTextIfUtf8(slot)) {
      fields.setSlice(slot, text, from, to);
    }
  }

  /** Returns the byte that an escape stands for; -1 if there is none. */
  private static int escaped(byte[] bytes, int at, int to) {
    if (bytes[at] != '%' || at + 2 >= to) {
      return -1;
    }
    int high = Character.digit(bytes[at + 1], 16);
    int low = Character.digit(bytes[at + 2], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /** Returns where the host starts, with what is before and behind it; else -1. */
  private static int authority(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end && isScheme(bytes[at])) {
      at++;
    }
    boolean hasScheme = at > start && at < end && bytes[at] == ':';
    int slashes = hasScheme ? at + 1 : start;
    return slashes + 1 < end && bytes[slashes] == '/' && bytes[slashes + 1] == '/'
        ? slashes + 2
        : -1;
  }

  private static boolean isScheme(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '+'
        || b == '-'
        || b == '.';
  }

  private static boolean hasHost(byte[] bytes, int start, int end) {
    return authority(bytes, start, end) >= 0;
  }

  private void findPath(byte[] bytes, int start, int end) {
    int authority = authority(bytes, start, end);
    from = authority < 0 ? start : indexOf(bytes, '/', authority, end);
    to = end;
  }

  private void findHost(byte[] bytes, int start, int end) {
    int authority = authority(bytes, start, end);
    from = authority;
    to = -1;
    if (authority < 0) {
      return;
    }
    int endOfAuthority = indexOf(bytes, '/', authority, end);
    for (int at = authority; at < endOfAuthority; at++) {
      from = bytes[at] == '@' ? at + 1 : from;
    }
    int port = endOfAuthority;
    while (port > from && bytes[port - 1] >= '0' && bytes[port - 1] <= '9') {
      port--;
    }
    to = port > from && bytes[port - 1] == ':' ? port - 1 : endOfAuthority;
    to = to == from ? -1 : to;
  }

  /** Finds the parameter in a query. */
  private void find(byte[] bytes, int start, int end) {
    to = -1;
    for (int at = start; at < end && to < 0; ) {
      int next = indexOf(bytes, '&', at, end);
      int name = indexOf(bytes, '=', at, next);
      if (isParameter(bytes, at, name)) {
        from = Math.min(name + 1, next);
        to = next;
      }
      at = next + 1;
    }
  }

  private boolean isParameter(byte[] bytes, int nameFrom, int nameTo) {
    int matched = 0;
    int at = nameFrom;
    while (at < nameTo) {
      int escaped = escaped(bytes, at, nameTo);
      byte b = escaped >= 0 ? (byte) escaped : bytes[at] == '+' ? (byte) ' ' : bytes[at];
      at += escaped >= 0 ? 3 : 1;
      if (matched == parameter.length || parameter[matched++] != b) {
        return false;
      }
    }
    return matched == parameter.length;
  }

  private static int indexOf(byte[] bytes, char sign, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != sign) {
      at++;
    }
    return at;
  }
}
