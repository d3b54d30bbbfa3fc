package io.sessionizer.config;

import io.sessionizer.formats.Condition;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.formats.SyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Reads what happens to private visits. */
final class PrivacySettings {
  private static final String VISITS = "--privateVisits";
  private static final String FIELD = "--privateField";

  private PrivacySettings() {}

  /**
   * Returns a format that leaves out private visits, if these are excluded.
   *
   * @param problems takes what is wrong, one sentence each
   */
  static InputFormat read(
      SessionizationOptions options, InputFormat format, List<String> problems) {
    PrivateVisits visits = visits(options.getPrivateVisits(), problems);
    Condition isPrivate = isPrivate(options.getPrivateField(), format, problems);
    return visits == PrivateVisits.EXCLUDE ? format.withExcluded(isPrivate) : format;
  }

  private static PrivateVisits visits(String name, List<String> problems) {
    for (PrivateVisits visits : PrivateVisits.values()) {
      if (visits.flagValue().equals(name)) {
        return visits;
      }
    }
    problems.add(
        "%s=%s: must be %s"
            .formatted(
                VISITS,
                name,
                Arrays.stream(PrivateVisits.values())
                    .map(PrivateVisits::flagValue)
                    .collect(Collectors.joining(" or "))));
    return PrivateVisits.KEEP;
  }

  private static Condition isPrivate(String field, InputFormat format, List<String> problems) {
    String flag = FIELD + "=" + field;
    try {
      Condition isPrivate = Condition.isTrue(FieldExpression.parse(field));
      format.check(flag, ProjectedField.of(isPrivate), problems);
      return isPrivate;
    } catch (SyntaxException e) {
      problems.add(flag + ": " + e.getMessage());
      return Condition.isTrue(FieldExpression.member(field));
    }
  }
}
