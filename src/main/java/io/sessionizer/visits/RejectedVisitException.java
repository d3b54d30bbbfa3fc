package io.sessionizer.visits;

import io.sessionizer.records.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Bytes that are not a visit: expected, and never a reason to fail a bundle. */
public final class RejectedVisitException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  RejectedVisitException(Reason reason, String message) {
    // Neither suppression nor a stack trace: a topic may have millions of these.
    super(withoutHalfCharacters(message), null, false, false);
    this.reason = reason;
  }

  /**
   * A message may quote half of a surrogate pair, which neither a coder nor a header can encode.
   */
  private static String withoutHalfCharacters(String message) {
    return new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage(), "set by the constructor");
  }

  /** Why the bytes are not a visit. */
  public Reason reason() {
    return reason;
  }
}
