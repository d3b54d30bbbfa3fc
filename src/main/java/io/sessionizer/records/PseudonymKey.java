package io.sessionizer.records;

import java.io.Serializable;

/** The secret key of pseudonyms. It is looked up where sessions are written, and never stored. */
public interface PseudonymKey extends Serializable {
  /** Returns the bytes of the key. */
  byte[] bytes();
}
