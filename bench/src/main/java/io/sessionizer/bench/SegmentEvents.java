package io.sessionizer.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Visits as events of Segment, about as long: other names, and the page in an object. */
final class SegmentEvents {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SegmentEvents() {}

  /** Returns the event of a visit, which is JSON. */
  static byte[] of(byte[] visit) {
    try {
      ObjectNode from = (ObjectNode) JSON.readTree(visit);
      ObjectNode event = JSON.createObjectNode();
      event.put("type", "page");
      event.set("anonymousId", from.get("visit_id"));
      event.set("userId", from.get("user_id"));
      event.set("timestamp", from.get("event_time"));
      ObjectNode context = from.withObjectProperty("context");
      context.putObject("page").set("path", from.get("page"));
      event.set("context", context);
      return JSON.writeValueAsBytes(event);
    } catch (IOException e) {
      throw new UncheckedIOException("a generated visit is JSON", e);
    }
  }
}
