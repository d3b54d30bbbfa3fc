package io.sessionizer.records;

import java.io.Serializable;

/** Writes the attributes of sessions, which are computed from their visits. */
public interface AttributeWriter extends Serializable {
  /**
   * Adds a JSON object with the attributes of a session.
   *
   * @param isPrivate whether the session is private: then it lacks those of private fields
   */
  void write(VisitSlices visits, boolean isPrivate, JsonBytes json);
}
