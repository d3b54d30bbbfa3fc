package io.sessionizer.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Reads JSON into trees whose numbers have all their digits, as a double has not. */
public final class ExactJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** More than attributes have, and than the reader accepts before an exponent. */
  private static final int MOST_DIGITS = 1_000;

  private ExactJson() {}

  /**
   * Whether a value is a number that can be computed with, and written out: of {@code 1e999999999}
   * the digits would fill the memory.
   */
  public static boolean isComputable(JsonNode value) {
    return value.isNumber() && Math.abs(value.decimalValue().scale()) <= MOST_DIGITS;
  }

  /** Returns an object without fields. */
  static ObjectNode empty() {
    return MAPPER.createObjectNode();
  }

  /** Returns the tree; a missing node if there is no text. */
  public static JsonNode tree(String json) throws JsonProcessingException {
    return MAPPER.readTree(json);
  }

  /** Returns the tree; a missing node if there are no bytes. */
  public static JsonNode tree(byte[] json) throws IOException {
    return MAPPER.readTree(json);
  }
}
