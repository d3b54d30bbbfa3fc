package io.sessionizer.formats;

import io.sessionizer.formats.FieldExpression.Element;
import io.sessionizer.formats.FieldExpression.Pointer;
import java.io.Serializable;

/**
 * The field of a record that has the event: an object, or JSON as a text, maybe in Base64.
 *
 * @param text as the user wrote it
 * @param pointer where it is
 * @param isBase64 whether it is in Base64
 */
public record EventField(String text, Pointer pointer, boolean isBase64) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String BASE64 = "base64:";

  /**
   * Reads such a field.
   *
   * @throws SyntaxException if the text is none
   */
  public static EventField parse(String text) throws SyntaxException {
    boolean isBase64 = text.startsWith(BASE64);
    String pointer = isBase64 ? text.substring(BASE64.length()) : text;
    return new EventField(text, pointer(FieldExpression.parse(pointer)), isBase64);
  }

  /**
   * Returns the pointer that an expression is.
   *
   * @throws SyntaxException if it is another one
   */
  static Pointer pointer(FieldExpression expression) throws SyntaxException {
    if (expression.root() instanceof Pointer pointer
        && pointer.steps().stream().noneMatch(Element.class::isInstance)) {
      return pointer;
    }
    throw new SyntaxException("must be the name of a member, or a pointer such as /payload");
  }

  @Override
  public String toString() {
    return text;
  }
}
