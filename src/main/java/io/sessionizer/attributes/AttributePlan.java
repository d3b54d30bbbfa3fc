package io.sessionizer.attributes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sessionizer.formats.AggregateFunction;
import io.sessionizer.formats.Aggregation;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.MappedField;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.records.JsonBytes;
import io.sessionizer.records.ProjectedFields;
import io.sessionizer.records.Utf8;
import io.sessionizer.records.VisitFormat;
import io.sessionizer.records.VisitSlices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Attributes, compiled: each aggregation is computed once, whatever number of attributes have it,
 * and each value of a visit is given to those that need it. Immutable.
 */
final class AttributePlan {
  private static final int[] NONE = {};

  private final AggregateFunction[] functions;

  /** The projected fields that are needed. */
  private final int[] ids;

  /** Of each of these, the numbers of the aggregations that need it. */
  private final int[][] ofIds;

  /** Of each mapped field that is needed, the numbers of the aggregations that need it. */
  private final Map<MappedField, int[]> ofMappedFields = new EnumMap<>(MappedField.class);

  /** The numbers of the aggregations of visits, whatever they have. */
  private final int[] ofVisits;

  private final List<CompiledAttribute> attributes = new ArrayList<>();

  AttributePlan(List<AttributeDefinition> definitions) {
    LinkedHashSet<Aggregation> each = new LinkedHashSet<>();
    definitions.forEach(definition -> each.addAll(definition.aggregations()));
    List<Aggregation> aggregations = List.copyOf(each);
    this.functions =
        aggregations.stream().map(Aggregation::function).toArray(AggregateFunction[]::new);
    List<ProjectedField> projected = AttributeDefinition.projected(definitions);
    this.ids = projected.stream().mapToInt(ProjectedField::id).toArray();
    this.ofIds =
        projected.stream().map(field -> numbers(aggregations, field)).toArray(int[][]::new);
    for (MappedField field : MappedField.values()) {
      int[] needing = numbers(aggregations, field);
      if (needing.length > 0) {
        ofMappedFields.put(field, needing);
      }
    }
    this.ofVisits = numbers(aggregations, null);
    definitions.forEach(
        definition -> attributes.add(new CompiledAttribute(definition, aggregations)));
  }

  private static int[] numbers(
      List<Aggregation> aggregations, Aggregation.@Nullable Argument argument) {
    int[] numbers = NONE;
    for (int i = 0; i < aggregations.size(); i++) {
      if (Objects.equals(aggregations.get(i).argument(), argument)) {
        numbers = Arrays.copyOf(numbers, numbers.length + 1);
        numbers[numbers.length - 1] = i;
      }
    }
    return numbers;
  }

  List<CompiledAttribute> attributes() {
    return attributes;
  }

  /** Returns the aggregations of the visits of a session, by number. */
  Accumulator[] accumulate(VisitSlices visits, SkippedValues skipped) {
    Accumulator[] accumulators = new Accumulator[functions.length];
    for (int i = 0; i < functions.length; i++) {
      accumulators[i] = Accumulator.of(functions[i]);
    }
    ProjectedFields.Cursor fields = new ProjectedFields.Cursor();
    while (visits.next()) {
      if (ids.length > 0 && visits.fieldsLength() > 0) {
        fields.reset(visits.bytes(), visits.fieldsFrom(), visits.fieldsLength());
        while (fields.next()) {
          for (int i = 0; i < ids.length; i++) {
            if (ids[i] == fields.id()) {
              add(
                  ofIds[i],
                  accumulators,
                  skipped,
                  fields.type(),
                  fields.bytes(),
                  fields.valueFrom(),
                  fields.valueLength());
            }
          }
        }
      }
      for (Map.Entry<MappedField, int[]> field : ofMappedFields.entrySet()) {
        add(field.getKey(), field.getValue(), visits, accumulators, skipped);
      }
      add(ofVisits, accumulators, skipped, ProjectedFields.TRUE, visits.bytes(), 0, 0);
    }
    return accumulators;
  }

  private static void add(
      MappedField field,
      int[] numbers,
      VisitSlices visits,
      Accumulator[] accumulators,
      SkippedValues skipped) {
    if (field == MappedField.EVENT_TIME) {
      byte[] digits = Long.toString(visits.eventTimeMillis()).getBytes(US_ASCII);
      add(numbers, accumulators, skipped, ProjectedFields.NUMBER, digits, 0, digits.length);
      return;
    }
    int from =
        switch (field) {
          case PAGE -> visits.pageFrom();
          case USER_ID -> visits.userIdFrom();
          default -> 0;
        };
    int length =
        switch (field) {
          case PAGE -> visits.pageLength();
          case USER_ID -> visits.userIdLength();
          default -> visits.visitIdLength();
        };
    if (length >= 0) {
      add(numbers, accumulators, skipped, ProjectedFields.TEXT, visits.bytes(), from, length);
    }
  }

  private static void add(
      int[] numbers,
      Accumulator[] accumulators,
      SkippedValues skipped,
      byte type,
      byte[] bytes,
      int from,
      int length) {
    if (type == ProjectedFields.TEXT
        && Utf8.isLonger(VisitFormat.MAX_PROJECTED_CHARACTERS, bytes, from, length)) {
      skipped.add(1);
      return;
    }
    for (int number : numbers) {
      accumulators[number].add(type, bytes, from, length);
    }
  }

  /** An attribute, with the numbers of its aggregations. */
  static final class CompiledAttribute {
    private final byte[] name;
    private final byte[] truncated;
    private final int number;
    private final @Nullable SessionTest test;

    CompiledAttribute(AttributeDefinition definition, List<Aggregation> aggregations) {
      this.name = ("\"" + definition.name() + "\":").getBytes(US_ASCII);
      this.truncated =
          (",\"" + definition.name() + AttributeDefinition.TRUNCATED + "\":true")
              .getBytes(US_ASCII);
      if (definition.formula() instanceof AttributeDefinition.ConditionFormula condition) {
        this.number = -1;
        this.test = SessionTest.of(condition.condition(), aggregations::indexOf);
      } else {
        this.number = aggregations.indexOf(definition.formula());
        this.test = null;
      }
    }

    /**
     * Adds the attribute to JSON.
     *
     * @param before what is in front of it
     * @return false if it has no value
     */
    boolean write(char before, Accumulator[] accumulators, JsonBytes json) {
      if (test == null && accumulators[number] instanceof Accumulator.Distinct list) {
        json.add(before);
        json.add(name);
        write(list, json);
        return true;
      }
      ValueSlice value =
          test == null ? accumulators[number].value() : ValueSlice.of(test.passes(accumulators));
      if (value == null) {
        return false;
      }
      json.add(before);
      json.add(name);
      value.write(json);
      return true;
    }

    private void write(Accumulator.Distinct list, JsonBytes json) {
      char before = '[';
      for (ValueSlice value : list.values()) {
        json.add(before);
        value.write(json);
        before = ',';
      }
      if (before == '[') {
        json.add('[');
      }
      json.add(']');
      if (list.isTruncated()) {
        json.add(truncated);
      }
    }
  }
}
