package io.sessionizer.config;

import java.util.List;
import java.util.Objects;

/**
 * Something outside the program is not ready: a broker that does not respond, a topic that does not
 * exist, a port in use. The message says what, and what to do.
 */
public final class NotReadyException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Reports {@code message}. */
  public NotReadyException(String message) {
    super(message);
  }

  /** Reports several problems at once. */
  public NotReadyException(List<String> problems) {
    super(String.join("\n", problems));
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage(), "set by every constructor");
  }

  /** The problems, one line each. */
  public List<String> problems() {
    return getMessage().lines().toList();
  }
}
