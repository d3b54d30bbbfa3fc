package io.sessionizer.sessions;

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

  /** Of each field the last visit of the session that has a value. */
  private final int[] last;

  /** The first rule, in their order, that ends the session. */
  private int endedBy;

  RuleValues(OrderedVisits visits, SessionRules rules) {
    this.visits = visits;
    this.rules = rules;
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
        if (visits.has(at, rules.splitOn().get(rule))) {
          last[rule] = at;
          break;
        }
      }
    }
    List<SessionRules.FieldValue> ends = rules.endOn();
    for (int rule = 0; rule < (endedBy == NONE ? ends.size() : endedBy); rule++) {
      for (int at = from; at < to; at++) {
        if (visits.has(at, ends.get(rule).field(), ends.get(rule).value())) {
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
      for (int at = from; last[rule] != NONE && at < to; at++) {
        VisitField field = rules.splitOn().get(rule);
        if (visits.has(at, field) && !visits.areSame(last[rule], at, field)) {
          return rules.changed(rule);
        }
      }
    }
    return null;
  }
}
