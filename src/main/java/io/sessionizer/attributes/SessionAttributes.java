package io.sessionizer.attributes;

import io.sessionizer.formats.Aggregation;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.records.AttributeWriter;
import io.sessionizer.records.JsonBytes;
import io.sessionizer.records.SessionJson;
import io.sessionizer.records.VisitFormat;
import io.sessionizer.records.VisitSlices;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Computes the attributes of sessions from their visits, in place, when a session's JSON is
 * written.
 */
public final class SessionAttributes implements AttributeWriter {
  private static final long serialVersionUID = 1L;

  /** The most bytes of the JSON object; attributes that do not fit any more are left out. */
  static final int MAX_BYTES = 1 << 16;

  /** The most bytes of a text: each character may be an escape. */
  private static final int TEXT_BYTES = 2 + 6 * VisitFormat.MAX_PROJECTED_CHARACTERS;

  /** The most bytes of a sum: 42 digits, 60 behind the point, and what is around them. */
  private static final int NUMBER_BYTES = 110;

  private final List<AttributeDefinition> definitions;
  private final List<AttributeDefinition> ofPrivateSessions;
  private final SkippedValues skipped;
  private transient @Nullable AttributePlan plan;
  private transient @Nullable AttributePlan planOfPrivateSessions;

  private SessionAttributes(
      List<AttributeDefinition> definitions, PrivateFields privateFields, SkippedValues skipped) {
    this.definitions = List.copyOf(definitions);
    this.ofPrivateSessions =
        definitions.stream().filter(attribute -> !privateFields.areIn(attribute)).toList();
    this.skipped = skipped;
  }

  /**
   * Returns what writes attributes.
   *
   * @param definitions in the order of the JSON
   * @return null if there are none, so that sessions have no such field
   */
  public static @Nullable SessionAttributes of(
      List<AttributeDefinition> definitions, SkippedValues skipped) {
    return of(definitions, PrivateFields.NONE, skipped);
  }

  /**
   * Returns what writes attributes.
   *
   * @param definitions in the order of the JSON
   * @param privateFields of which private sessions have no attributes
   * @return null if there are none, so that sessions have no such field
   */
  public static @Nullable SessionAttributes of(
      List<AttributeDefinition> definitions, PrivateFields privateFields, SkippedValues skipped) {
    return definitions.isEmpty()
        ? null
        : new SessionAttributes(definitions, privateFields, skipped);
  }

  /** Returns how many bytes attributes add to a session's JSON, at most. */
  public static int maxBytes(List<AttributeDefinition> definitions) {
    if (definitions.isEmpty()) {
      return 0;
    }
    long bytes = "{}".length();
    for (AttributeDefinition definition : definitions) {
      bytes += definition.name().length() + "\"\":,".length() + maxBytes(definition);
    }
    return SessionJson.BYTES_AROUND_ATTRIBUTES + (int) Math.min(bytes, MAX_BYTES);
  }

  private static int maxBytes(AttributeDefinition definition) {
    return definition.formula() instanceof Aggregation value
        ? switch (value.function()) {
          case FIRST, LAST -> TEXT_BYTES;
          case DISTINCT -> MAX_BYTES;
          default -> NUMBER_BYTES;
        }
        : NUMBER_BYTES;
  }

  @Override
  public void write(VisitSlices visits, boolean isPrivate, JsonBytes json) {
    AttributePlan compiled = isPrivate ? planOfPrivateSessions() : plan();
    Accumulator[] accumulators = compiled.accumulate(visits, skipped);
    int start = json.length();
    char before = '{';
    for (AttributePlan.CompiledAttribute attribute : compiled.attributes()) {
      int end = json.length();
      boolean isWritten = attribute.write(before, accumulators, json);
      if (json.length() + 1 - start > MAX_BYTES) {
        json.truncate(end);
        skipped.add(1);
      } else if (isWritten) {
        before = ',';
      }
    }
    if (before == '{') {
      json.add('{');
    }
    json.add('}');
  }

  private AttributePlan plan() {
    AttributePlan compiled = plan;
    if (compiled == null) {
      compiled = new AttributePlan(definitions);
      plan = compiled;
    }
    return compiled;
  }

  private AttributePlan planOfPrivateSessions() {
    AttributePlan compiled = planOfPrivateSessions;
    if (compiled == null) {
      compiled = new AttributePlan(ofPrivateSessions);
      planOfPrivateSessions = compiled;
    }
    return compiled;
  }
}
