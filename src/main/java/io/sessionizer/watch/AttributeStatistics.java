package io.sessionizer.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.records.ExactJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Statistics of the attributes of sessions, by name. */
final class AttributeStatistics {
  private static final MathContext SIX_DIGITS = new MathContext(6);

  private final Map<String, Values> byName = new TreeMap<>();

  /**
   * An attribute.
   *
   * @param name its name
   * @param sessions how many have it
   * @param numbers of its numbers; null if there are none
   * @param most its most frequent other values, those of lists among them
   */
  record AttributeSummary(
      String name,
      long sessions,
      @Nullable NumberSummary numbers,
      List<SessionStatistics.Count> most) {}

  /** NumberSummary, as text. */
  record NumberSummary(String mean, String median, String least, String greatest, String sum) {}

  /** The values of an attribute. */
  private static final class Values {
    private long sessions;
    private final List<BigDecimal> numbers = new ArrayList<>();
    private final Map<String, Long> others = new HashMap<>();

    void add(JsonNode value) {
      sessions++;
      if (ExactJson.isComputable(value)) {
        numbers.add(value.decimalValue());
      } else if (value.isArray()) {
        value.forEach(each -> others.merge(each.asText(), 1L, Long::sum));
      } else {
        others.merge(value.asText(), 1L, Long::sum);
      }
    }

    @Nullable NumberSummary numbers() {
      if (numbers.isEmpty()) {
        return null;
      }
      List<BigDecimal> sorted = numbers.stream().sorted().toList();
      int size = sorted.size();
      BigDecimal sum = sorted.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
      BigDecimal median =
          sorted.get((size - 1) / 2).add(sorted.get(size / 2)).divide(BigDecimal.valueOf(2));
      return new NumberSummary(
          plain(sum.divide(BigDecimal.valueOf(size), SIX_DIGITS)),
          plain(median.round(SIX_DIGITS)),
          plain(sorted.get(0)),
          plain(sorted.get(size - 1)),
          plain(sum));
    }

    private static String plain(BigDecimal number) {
      return number.stripTrailingZeros().toPlainString();
    }
  }

  /** Adds the attributes of a session, a JSON object. */
  void add(byte[] attributes) {
    try {
      ExactJson.tree(attributes)
          .properties()
          .forEach(
              attribute -> {
                if (!attribute.getKey().endsWith(AttributeDefinition.TRUNCATED)) {
                  byName
                      .computeIfAbsent(attribute.getKey(), name -> new Values())
                      .add(attribute.getValue());
                }
              });
    } catch (IOException e) {
      throw new IllegalStateException("the attributes of a session that was read are JSON", e);
    }
  }

  List<AttributeSummary> summaries() {
    return byName.entrySet().stream()
        .map(
            attribute -> {
              Values values = attribute.getValue();
              return new AttributeSummary(
                  attribute.getKey(),
                  values.sessions,
                  values.numbers(),
                  SessionStatistics.most(values.others));
            })
        .toList();
  }
}
