package io.sessionizer.formats;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates how many instructions a regular expression compiles to: counted repetitions are written
 * out, those of groups in groups multiply. {@code ((a{100}){100}){100}} needs a million. It reads
 * no more of the syntax than that needs; whatever is wrong is found when the expression is
 * compiled.
 */
final class PatternSize {
  private static final int MAX_NESTING = 100;
  private static final long UNBOUNDED = Integer.MAX_VALUE;

  private final String expression;

  /** The sizes of the groups around the current one. */
  private final Deque<Long> outer = new ArrayDeque<>();

  private int at;

  /** The size of the current group up to its last part, and of that part. */
  private long size;

  private long part;

  PatternSize(String expression) {
    this.expression = expression;
  }

  /**
   * Checks that the expression is not too large.
   *
   * @throws SyntaxException if it has more than {@code max} instructions, or groups are nested too
   *     deep
   */
  void check(int max) throws SyntaxException {
    if (estimate() > max) {
      throw new SyntaxException(
          "is too large: with its counted repetitions it has more than %s parts".formatted(max));
    }
  }

  private long estimate() throws SyntaxException {
    while (at < expression.length()) {
      char c = expression.charAt(at++);
      switch (c) {
        case '\\' -> passEscape();
        case '[' -> {
          passClass();
          addPart(1);
        }
        case '(' -> startGroup();
        case ')' -> endGroup();
        case '{' -> repeat();
        default -> addPart(1);
      }
    }
    while (!outer.isEmpty()) {
      endGroup();
    }
    return bounded(size + part);
  }

  private void addPart(long instructions) {
    size = bounded(size + part);
    part = instructions;
  }

  private void startGroup() throws SyntaxException {
    if (expression.startsWith("?", at)) {
      // Flags, or what kind of group it is: as far as its name or content.
      while (at < expression.length() && ":>)".indexOf(expression.charAt(at)) < 0) {
        at++;
      }
      if (expression.startsWith(")", at)) {
        at++;
        return;
      }
      at++;
    }
    if (outer.size() == MAX_NESTING) {
      throw new SyntaxException(
          "has groups that are nested more than " + MAX_NESTING + " levels deep");
    }
    outer.push(bounded(size + part));
    size = 0;
    part = 0;
  }

  private void endGroup() {
    if (!outer.isEmpty()) {
      part = bounded(size + part + 2);
      size = outer.pop();
    }
  }

  private void passEscape() {
    if (at == expression.length()) {
      return;
    }
    char escaped = expression.charAt(at++);
    if (escaped == 'Q') {
      int end = expression.indexOf("\\E", at);
      int next = end < 0 ? expression.length() : end;
      addPart(next - at);
      addPart(0);
      at = Math.min(expression.length(), next + 2);
      return;
    }
    addPart(1);
    if ((escaped == 'p' || escaped == 'P' || escaped == 'x') && expression.startsWith("{", at)) {
      int end = expression.indexOf('}', at);
      at = end < 0 ? expression.length() : end + 1;
    }
  }

  private void passClass() {
    if (expression.startsWith("^", at)) {
      at++;
    }
    if (expression.startsWith("]", at)) {
      at++;
    }
    while (at < expression.length()) {
      char c = expression.charAt(at++);
      if (c == ']') {
        return;
      } else if (c == '\\') {
        at++;
      } else if (c == '[' && expression.startsWith(":", at)) {
        int end = expression.indexOf(":]", at + 1);
        at = end < 0 ? at : end + 2;
      }
    }
  }

  /** Multiplies the last part by a count, if that is what the brace begins. */
  private void repeat() {
    int end = expression.indexOf('}', at);
    String counts = end < 0 ? "" : expression.substring(at, end);
    if (!counts.matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
      addPart(1);
      return;
    }
    int comma = counts.indexOf(',');
    long least = Long.parseLong(comma < 0 ? counts : counts.substring(0, comma));
    boolean hasMost = comma >= 0 && comma < counts.length() - 1;
    long most = hasMost ? Long.parseLong(counts.substring(comma + 1)) : least + 1;
    part = bounded(part * (1 + Math.max(least, most)));
    at = end + 1;
  }

  private static long bounded(long instructions) {
    return Math.min(instructions, UNBOUNDED);
  }
}
