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

  private final byte[] sound =
      new VisitGenerator(new Traffic(1, 1, Instant.EPOCH, 1, TrafficMix.ALL_ON_TIME))
          .next()
          .value();

  @Test
  void truncatedJsonIsNotJson() {
    byte[] broken = Corruption.TRUNCATED.applyTo(sound);

    assertThrows(JsonProcessingException.class, () -> JSON.readTree(new String(broken, UTF_8)));
  }

  @Test
  void anArrayHoldsTheVisit() throws IOException {
    assertEquals(JSON.readTree(sound), JSON.readTree(Corruption.AN_ARRAY.applyTo(sound)).get(0));
  }

  @Test
  void anEmptyValueHasNoBytes() {
    assertEquals(0, Corruption.EMPTY.applyTo(sound).length);
  }

  @Test
  void aMissingFieldIsTheOnlyThingThatIsMissing() throws IOException {
    assertEquals(without("visit_id"), JSON.readTree(Corruption.NO_VISIT_ID.applyTo(sound)));
    assertEquals(without("event_time"), JSON.readTree(Corruption.NO_EVENT_TIME.applyTo(sound)));
  }

  @Test
  void anUnreadableEventTimeIsAText() throws IOException {
    assertEquals("yesterday", field(Corruption.UNREADABLE_EVENT_TIME, "event_time").textValue());
  }

  @Test
  void aFutureEventTimeIsInTheYear2999() throws IOException {
    String eventTime = field(Corruption.FUTURE_EVENT_TIME, "event_time").textValue();

    assertEquals(2999, OffsetDateTime.parse(eventTime).getYear());
  }

  @Test
  void aVisitIdThatIsNotATextIsTrue() throws IOException {
    assertTrue(field(Corruption.VISIT_ID_NOT_A_TEXT, "visit_id").isBoolean());
  }

  @Test
  void invalidUtf8CannotBeDecoded() {
    byte[] broken = Corruption.INVALID_UTF_8.applyTo(sound);

    assertEquals(sound.length + 1, broken.length);
    assertThrows(
        CharacterCodingException.class, () -> UTF_8.newDecoder().decode(ByteBuffer.wrap(broken)));
  }

  @Test
  void noFlawLeavesTheVisitSound() {
    for (Corruption flaw : Corruption.values()) {
      assertFalse(Arrays.equals(sound, flaw.applyTo(sound)), flaw.toString());
    }
  }

  private JsonNode field(Corruption flaw, String name) throws IOException {
    return JSON.readTree(flaw.applyTo(sound)).get(name);
  }

  private JsonNode without(String name) throws IOException {
    var visit = (ObjectNode) JSON.readTree(sound);
    visit.remove(name);
    return visit;
  }
}
