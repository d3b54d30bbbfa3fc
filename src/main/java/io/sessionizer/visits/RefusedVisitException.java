package io.sessionizer.visits;

import io.sessionizer.deadletters.Reason;

/** Bytes that are not a visit: expected, and never a reason to fail a bundle. */
public final class RefusedVisitException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  RefusedVisitException(Reason reason, String message) {
    // Neither suppression nor a stack trace: a topic may hold millions of these.
    super(message, null, false, false);
    this.reason = reason;
  }

  /** Why the bytes are not a visit. */
  public Reason reason() {
    return reason;
  }
}
