package io.sessionizer.records;

import java.io.Serializable;

/** Writes the attributes of sessions, which are computed from their visits. */
public interface AttributeWriter extends Serializable {
  /** Adds a JSON object with the attributes of a session. */
  void write(VisitSlices visits, JsonBytes json);
}
