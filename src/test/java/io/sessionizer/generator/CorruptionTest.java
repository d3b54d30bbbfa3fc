package io.sessionizer.generator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CorruptionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final byte[] wellFormed =
      new VisitGenerator(new Traffic(1, 1, Instant.EPOCH, 1, TrafficMix.ALL_ON_TIME))
          .next()
          .value();

  @Test
  void truncatedJsonCannotBeParsed() {
    byte[] malformed = Corruption.TRUNCATED.applyTo(wellFormed);

    assertThrows(JsonProcessingException.class, () -> JSON.readTree(new String(malformed, UTF_8)));
  }

  @Test
  void arrayContainsVisit() throws IOException {
    assertEquals(
        JSON.readTree(wellFormed), JSON.readTree(Corruption.AN_ARRAY.applyTo(wellFormed)).get(0));
  }

  @Test
  void emptyValueHasNoBytes() {
    assertEquals(0, Corruption.EMPTY.applyTo(wellFormed).length);
  }

  @Test
  void removesOneFieldOnly() throws IOException {
    assertEquals(without("visit_id"), JSON.readTree(Corruption.NO_VISIT_ID.applyTo(wellFormed)));
    assertEquals(
        without("event_time"), JSON.readTree(Corruption.NO_EVENT_TIME.applyTo(wellFormed)));
  }

  @Test
  void unreadableEventTimeIsText() throws IOException {
    assertEquals("yesterday", field(Corruption.UNREADABLE_EVENT_TIME, "event_time").textValue());
  }

  @Test
  void futureEventTimeIsInYear2999() throws IOException {
    String eventTime = field(Corruption.FUTURE_EVENT_TIME, "event_time").textValue();

    assertEquals(2999, OffsetDateTime.parse(eventTime).getYear());
  }

  @Test
  void visitIdThatIsNotTextIsBoolean() throws IOException {
    assertTrue(field(Corruption.VISIT_ID_NOT_A_TEXT, "visit_id").isBoolean());
  }

  @Test
  void invalidUtf8CannotBeDecoded() {
    byte[] malformed = Corruption.INVALID_UTF_8.applyTo(wellFormed);

    assertEquals(wellFormed.length + 1, malformed.length);
    assertThrows(
        CharacterCodingException.class,
        () -> UTF_8.newDecoder().decode(ByteBuffer.wrap(malformed)));
  }

  @Test
  void everyCorruptionChangesVisit() {
    for (Corruption corruption : Corruption.values()) {
      assertFalse(Arrays.equals(wellFormed, corruption.applyTo(wellFormed)), corruption.toString());
    }
  }

  private JsonNode field(Corruption corruption, String name) throws IOException {
    return JSON.readTree(corruption.applyTo(wellFormed)).get(name);
  }

  private JsonNode without(String name) throws IOException {
    var visit = (ObjectNode) JSON.readTree(wellFormed);
    visit.remove(name);
    return visit;
  }
}
