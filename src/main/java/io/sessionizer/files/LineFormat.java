package io.sessionizer.files;

import java.io.Serializable;

/** How an element is written as a line. */
interface LineFormat<T> extends Serializable {

  /** Returns the line in UTF-8, without its ending. */
  byte[] line(T element);
}
