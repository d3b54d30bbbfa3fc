package io.sessionizer.inspect;

import io.sessionizer.formats.FieldExpression;

/**
 * A field that may be what a visit needs.
 *
 * @param field as a flag has it
 * @param score more is more likely, 1 at most
 * @param why for people
 */
record Candidate(FieldExpression field, double score, String why) {
  /** Whether another one is nearly as likely. */
  boolean isAsLikely(Candidate other) {
    return other.score >= 0.9 * score;
  }
}
