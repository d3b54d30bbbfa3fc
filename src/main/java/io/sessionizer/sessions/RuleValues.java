package io.sessionizer.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.records.EndReason;
import java.util.Arrays;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The values of one session, visit by visit, that {@link SessionRules} compare with those of the
 * next one.
 *
 * <p>For example, with the rule to split on {@code user_id}: the users A, none, A, B of four visits
 * are two sessions. The visit without a user neither splits nor resets; B is another than A, the
 * last one. The first visit of the second session is compared with none.
 */
final class RuleValues {
  private static final int NONE = -1;

  private final OrderedVisits visits;
  private final SessionRules rules;

  /** In UTF-8. */
  private final List<byte[]> endValues;

  private final ComparedValue value = new ComparedValue();
  private final ComparedValue lastValue = new ComparedValue();

  /** Of each field the last visit of the session that has a value. */
  private final int[] last;

  /** The first rule, in their order, that ends the session. */
  private int endedBy;

  RuleValues(OrderedVisits visits, SessionRules rules) {
    this.visits = visits;
    this.rules = rules;
    this.endValues = rules.endOn().stream().map(end -> end.value().getBytes(UTF_8)).toList();
    this.last = new int[rules.splitOn().size()];
    clear();
  }

  /** Begins a session. */
  void clear() {
    Arrays.fill(last, NONE);
    endedBy = NONE;
  }

  /**
   * Adds visits to the session.
   *
   * @param from the number of the first
   * @param to the number behind that of the last
   */
  void add(int from, int to) {
    for (int rule = 0; rule < last.length; rule++) {
      for (int at = to - 1; at >= from; at--) {
        visits.read(at, rules.splitOn().get(rule), value);
        if (!value.isMissing()) {
          last[rule] = at;
          break;
        }
      }
    }
    List<SessionRules.FieldValue> ends = rules.endOn();
    for (int rule = 0; rule < (endedBy == NONE ? ends.size() : endedBy); rule++) {
      for (int at = from; at < to; at++) {
        visits.read(at, ends.get(rule).field(), value);
        if (value.fits(endValues.get(rule))) {
          endedBy = rule;
          return;
        }
      }
    }
  }

  /** Why the session ends with the visits that it has; null if it does not. */
  @Nullable EndReason ended() {
    return endedBy == NONE ? null : rules.ended(endedBy);
  }

  /** Why the session ends before visits, which are at one time; null if it does not. */
  @Nullable EndReason changedBy(int from, int to) {
    for (int rule = 0; rule < last.length; rule++) {
      if (last[rule] == NONE) {
        continue;
      }
      VisitField field = rules.splitOn().get(rule);
      visits.read(last[rule], field, lastValue);
      for (int at = from; at < to; at++) {
        visits.read(at, field, value);
        if (!value.isMissing() && !value.isSame(lastValue)) {
          return rules.changed(rule);
        }
      }
    }
    return null;
  }
}
