package io.sessionizer.formats;

/** Parses a {@link Condition}: its operands are fields of an event. */
final class FieldConditionParser extends ConditionParser<FieldExpression> {
  private final boolean ofVisits;

  /**
   * Creates a parser.
   *
   * @param from where the condition starts
   * @param ofVisits whether names of the fields that every visit has are these
   */
  FieldConditionParser(String text, int from, boolean ofVisits) {
    super(text, from);
    this.ofVisits = ofVisits;
  }

  @Override
  FieldExpression operand() throws SyntaxException {
    return field(ofVisits);
  }

  @Override
  boolean isCondition(FieldExpression operand) {
    return false;
  }
}
