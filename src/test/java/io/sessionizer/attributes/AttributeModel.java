package io.sessionizer.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sessionizer.formats.Aggregation;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.Condition;
import io.sessionizer.formats.Condition.Clause;
import io.sessionizer.formats.MappedField;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.records.Session;
import io.sessionizer.records.VisitedPage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The naive attributes that others are compared with: all values are in memory, as objects. */
final class AttributeModel {
  /** False, true, numbers, texts. */
  private static final Comparator<Object> ORDER =
      Comparator.<Object>comparingInt(
              value -> value instanceof Boolean ? 0 : value instanceof BigDecimal ? 1 : 2)
          .thenComparing(AttributeModel::compareSame);

  private final Session session;

  AttributeModel(Session session) {
    this.session = session;
  }

  @SuppressWarnings("unchecked") // values of the same type
  private static int compareSame(Object a, Object b) {
    return ((Comparable<Object>) a).compareTo(b);
  }

  /** Returns the JSON object of attributes that all fit. */
  static String json(Session session, List<AttributeDefinition> definitions) throws IOException {
    AttributeModel model = new AttributeModel(session);
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (AttributeDefinition definition : definitions) {
      Object value =
          definition.formula() instanceof Aggregation aggregation
              ? model.value(aggregation)
              : (Object)
                  model.isTrue(
                      ((AttributeDefinition.ConditionFormula) definition.formula()).condition());
      if (value instanceof List<?> list && list.size() > 100) {
        attributes.put(definition.name(), list.subList(0, 100));
        attributes.put(definition.name() + "_truncated", true);
      } else if (value != null) {
        attributes.put(definition.name(), value);
      }
    }
    return write(attributes);
  }

  private static String write(Map<String, Object> attributes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.writeStartObject();
      for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
        json.writeFieldName(attribute.getKey());
        if (attribute.getValue() instanceof List<?> list) {
          json.writeStartArray();
          for (Object value : list) {
            write(value, json);
          }
          json.writeEndArray();
        } else {
          write(attribute.getValue(), json);
        }
      }
      json.writeEndObject();
    }
    // It writes characters beyond the basic plane as two escapes.
    return bytes.toString(UTF_8).replace("\\uD83D\\uDE00", "\ud83d\ude00");
  }

  private static void write(Object value, JsonGenerator json) throws IOException {
    if (value instanceof BigDecimal number) {
      json.writeNumber(number.stripTrailingZeros().toPlainString());
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else {
      json.writeString((String) value);
    }
  }

  private @Nullable Object value(Aggregation aggregation) {
    List<Object> values =
        session.pages().stream()
            .map(visit -> value(visit, aggregation.argument()))
            .filter(Objects::nonNull)
            .toList();
    List<BigDecimal> numbers = values.stream().flatMap(AttributeModel::number).toList();
    return switch (aggregation.function()) {
      case FIRST -> values.isEmpty() ? null : values.get(0);
      case LAST -> values.isEmpty() ? null : values.get(values.size() - 1);
      case ANY -> !values.isEmpty();
      case COUNT -> BigDecimal.valueOf(values.size());
      case DISTINCT -> distinct(values);
      case COUNT_DISTINCT -> BigDecimal.valueOf(Math.min(10_000, new HashSet<>(values).size()));
      case MIN -> numbers.stream().min(Comparator.naturalOrder()).orElse(null);
      case MAX -> numbers.stream().max(Comparator.naturalOrder()).orElse(null);
      case SUM -> numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    };
  }

  private static List<Object> distinct(List<Object> values) {
    TreeSet<Object> distinct = new TreeSet<>(ORDER);
    distinct.addAll(values);
    return new ArrayList<>(distinct);
  }

  private static Stream<BigDecimal> number(Object value) {
    if (value instanceof BigDecimal number) {
      return Stream.of(number);
    }
    boolean isNumber =
        value instanceof String text
            && text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,4})?");
    if (!isNumber) {
      return Stream.of();
    }
    BigDecimal number = new BigDecimal((String) value).stripTrailingZeros();
    int exponent = number.precision() - number.scale() - 1;
    return number.signum() == 0 || (number.precision() <= 30 && Math.abs(exponent) <= 30)
        ? Stream.of(number)
        : Stream.of();
  }

  private @Nullable Object value(VisitedPage visit, Aggregation.@Nullable Argument argument) {
    if (argument == null) {
      return true;
    } else if (argument instanceof ProjectedField field) {
      return visit.fields().value(field.id());
    }
    Object value =
        switch ((MappedField) argument) {
          case VISIT_ID -> session.visitId();
          case EVENT_TIME -> BigDecimal.valueOf(visit.eventTimeMillis());
          case USER_ID -> visit.userId();
          case PAGE -> visit.page();
        };
    return value instanceof String text && text.length() > 1_024 ? null : value;
  }

  private boolean isTrue(Clause<Aggregation> clause) {
    if (clause instanceof Condition.All<Aggregation> all) {
      return all.parts().stream().allMatch(this::isTrue);
    } else if (clause instanceof Condition.Any<Aggregation> any) {
      return any.parts().stream().anyMatch(this::isTrue);
    } else if (clause instanceof Condition.Not<Aggregation> not) {
      return !isTrue(not.part());
    }
    Condition.Comparison<Aggregation> comparison = (Condition.Comparison<Aggregation>) clause;
    Object value = value(comparison.operand());
    return comparison.values().stream()
        .anyMatch(other -> isTrue(value, comparison.operator().text(), other));
  }

  private static boolean isTrue(@Nullable Object value, String operator, Condition.Value other) {
    Object expected =
        other instanceof Condition.Text text
            ? text.text()
            : other instanceof Condition.Decimal number
                ? number.decimal()
                : other instanceof Condition.Truth truth ? (Object) truth.isTrue() : null;
    if (value == null || expected == null) {
      return value == expected;
    } else if (value.getClass() != expected.getClass()) {
      return false;
    }
    int difference = compareSame(value, expected);
    return switch (operator) {
      case "=" -> difference == 0;
      case "<" -> difference < 0;
      case "<=" -> difference <= 0;
      case ">" -> difference > 0;
      case ">=" -> difference >= 0;
      case "contains" -> ((String) value).contains((String) expected);
      case "startsWith" -> ((String) value).startsWith((String) expected);
      default -> ((String) value).endsWith((String) expected);
    };
  }
}
