package io.sessionizer.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Record headers with UTF-8 texts as values, in the order they are added. */
final class Headers {
  private final List<Header> headers = new ArrayList<>();

  Headers add(String name, Object value) {
    headers.add(new RecordHeader(name, value.toString().getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  List<Header> list() {
    return headers;
  }
}
