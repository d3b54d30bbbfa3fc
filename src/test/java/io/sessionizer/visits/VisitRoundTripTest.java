package io.sessionizer.visits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A visit that another program wrote as JSON is read as that visit. */
class VisitRoundTripTest {
  private enum Escapes {
    FEW,
    NON_ASCII,
    ALL
  }

  @Property(tries = 1_000)
  void readsBackVisitOfAnyJson(
      @ForAll("visits") Visit visit,
      @ForAll("unknownFields") List<String> unknownFields,
      @ForAll Escapes escapes,
      @ForAll boolean pretty,
      @ForAll Random random)
      throws Exception {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>();
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    String time = Instant.ofEpochMilli(visit.eventTimeMillis()).toString();
    fields.add(Map.entry("visit_id", nodes.textNode(visit.visitId())));
    fields.add(Map.entry("event_time", nodes.textNode(time)));
    if (visit.userId() != null || random.nextBoolean()) {
      fields.add(Map.entry("user_id", textOrNull(visit.userId())));
    }
    if (visit.page() != null || random.nextBoolean()) {
      fields.add(Map.entry("page", textOrNull(visit.page())));
    }
    for (String name : unknownFields) {
      fields.add(Map.entry("x" + name, nodes.objectNode().put(name, name)));
    }
    Collections.shuffle(fields, random);
    ObjectNode json = nodes.objectNode();
    fields.forEach(field -> json.set(field.getKey(), field.getValue()));
    byte[] bytes =
        pretty
            ? mapper(escapes).writerWithDefaultPrettyPrinter().writeValueAsBytes(json)
            : mapper(escapes).writeValueAsBytes(json);

    assertEquals(visit, VisitJson.parse(bytes));
  }

  private static JsonNode textOrNull(String text) {
    return text == null
        ? JsonNodeFactory.instance.nullNode()
        : JsonNodeFactory.instance.textNode(text);
  }

  private static ObjectMapper mapper(Escapes escapes) {
    JsonFactory factory =
        JsonFactory.builder()
            .configure(JsonWriteFeature.ESCAPE_NON_ASCII, escapes != Escapes.FEW)
            .configure(JsonWriteFeature.ESCAPE_FORWARD_SLASHES, escapes == Escapes.NON_ASCII)
            .build();
    if (escapes == Escapes.ALL) {
      factory.setCharacterEscapes(new EscapeAll());
    }
    return new ObjectMapper(factory);
  }

  @Provide
  Arbitrary<Visit> visits() {
    return Combinators.combine(
            texts().filter(text -> !text.isBlank()),
            Arbitraries.longs()
                .between(
                    Instant.parse("0000-01-01T00:00:00Z").toEpochMilli(),
                    Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli()),
            texts().injectNull(0.3),
            texts().injectNull(0.3))
        .as(Visit::new);
  }

  @Provide
  Arbitrary<List<String>> unknownFields() {
    return texts().list().ofMaxSize(3);
  }

  /** Of all characters, and of those that matter to JSON and UTF-8. */
  private static Arbitrary<String> texts() {
    Arbitrary<Integer> any = Arbitraries.integers().between(0, Character.MAX_CODE_POINT);
    Arbitrary<Integer> delicate =
        Arbitraries.of(
            "\0\u001f \"/\\{a~\u007f\u0080\u07ff\u0800\u2028\ud7ff\ue000\ufeff\ufffd\uffff\ud800\udc00😀"
                .codePoints()
                .boxed()
                .toList());
    return Arbitraries.oneOf(any, delicate)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .list()
        .ofMaxSize(20)
        .map(characters -> characters.stream().map(Character::toString).reduce("", String::concat));
  }

  /** Writes every ASCII character as an escape, so that with those behind ASCII all are. */
  private static final class EscapeAll extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = new int[128];
      Arrays.fill(codes, ESCAPE_STANDARD);
      return codes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
