package io.sessionizer.metrics;

import io.sessionizer.records.Reason;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The number of rejected records by reason, with the position of one record for each. */
public final class RejectionCounts {
  private final Map<Reason, Rejected> byReason = new EnumMap<>(Reason.class);

  private record Rejected(long count, @Nullable String position) {
    Rejected plus(Rejected other) {
      return new Rejected(count + other.count, position == null ? other.position : position);
    }

    @Override
    public String toString() {
      return position == null ? "" : " (" + position + ")";
    }
  }

  /**
   * Adds records of one reason.
   *
   * @param position the position of one of them, {@code topic-partition@offset}; null if unknown
   */
  public void add(Reason reason, long count, @Nullable String position) {
    byReason.merge(reason, new Rejected(count, position), Rejected::plus);
  }

  /** Returns the same with positions as {@code format} gives them. */
  public RejectionCounts withPositions(UnaryOperator<String> format) {
    RejectionCounts formatted = new RejectionCounts();
    byReason.forEach(
        (reason, rejected) ->
            formatted.add(
                reason,
                rejected.count,
                rejected.position == null ? null : format.apply(rejected.position)));
    return formatted;
  }

  /** Returns the number of rejected records. */
  public long count() {
    return byReason.values().stream().mapToLong(Rejected::count).sum();
  }

  /** Formats the most frequent reason first: {@code 12 NOT_JSON (visits-0@3), 1 EMPTY}. */
  @Override
  public String toString() {
    return byReason.entrySet().stream()
        .sorted(Comparator.comparing(reason -> -reason.getValue().count()))
        .map(reason -> reason.getValue().count() + " " + reason.getKey() + reason.getValue())
        .collect(Collectors.joining(", "));
  }
}
