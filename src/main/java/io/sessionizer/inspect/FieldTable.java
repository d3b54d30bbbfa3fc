package io.sessionizer.inspect;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The fields of all records, in the order in which they were first there. */
final class FieldTable {
  /** How many fields are counted; others are not, as if no record had them. */
  static final int MAX_FIELDS = 400;

  private final Map<String, FieldStatistics> fields = new LinkedHashMap<>();
  private long records;
  private boolean isCut;

  /** Adds a record. */
  void add(FlatRecord record, long kafkaMillis) {
    records++;
    record
        .values()
        .forEach(
            (field, value) -> {
              FieldStatistics statistics = statistics(field);
              if (statistics != null && !value.isNull()) {
                statistics.add(value, kafkaMillis);
              }
            });
  }

  private @Nullable FieldStatistics statistics(String field) {
    FieldStatistics known = fields.get(field);
    if (known == null && fields.size() < MAX_FIELDS) {
      known = new FieldStatistics(field);
      fields.put(field, known);
    }
    isCut |= known == null;
    return known;
  }

  /** Returns how many records have been added. */
  long records() {
    return records;
  }

  /** Whether there were more fields than are counted. */
  boolean isCut() {
    return isCut;
  }

  Collection<FieldStatistics> fields() {
    return fields.values();
  }

  @Nullable FieldStatistics get(String field) {
    return fields.get(field);
  }

  /** Returns which part of the records have a field. */
  double presence(String field) {
    FieldStatistics statistics = fields.get(field);
    return statistics == null || records == 0 ? 0 : (double) statistics.present() / records;
  }
}
