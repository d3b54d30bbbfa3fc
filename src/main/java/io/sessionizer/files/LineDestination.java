package io.sessionizer.files;

import java.io.IOException;
import java.io.Serializable;

/** Where lines are written in this process. */
interface LineDestination extends Serializable {

  /**
   * Writes whole lines behind those that are there.
   *
   * @throws UnusableFileException if that fails
   */
  void append(byte[] lines, int length) throws IOException;
}
