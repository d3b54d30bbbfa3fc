package io.sessionizer.sessions;

import io.sessionizer.formats.ProjectedField;
import io.sessionizer.formats.SyntaxException;
import io.sessionizer.records.ProjectedFields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Random values of projected fields, few enough that visits often have the same. */
public final class AnyFields {
  /** The fields. */
  public static final List<String> NAMES = List.of("/ad", "lower(/step)", "/é[key=x]");

  /** The fields, as a format has them. */
  public static final List<ProjectedField> PROJECTED =
      NAMES.stream().map(AnyFields::projected).toList();

  /** Values of rules. */
  public static final List<String> VALUES = List.of("", "a", "1", "0.1", "1.0", "true", "false");

  private static final List<String> TEXTS = List.of("", "a", "1", "true", "\uE000", "\uD83D\uDE00");

  private AnyFields() {}

  private static ProjectedField projected(String name) {
    try {
      return ProjectedField.parse(name);
    } catch (SyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns values; none in half of the cases. */
  public static ProjectedFields of(Random random) {
    if (random.nextBoolean()) {
      return ProjectedFields.NONE;
    }
    ProjectedFields.FieldsWriter writer = new ProjectedFields.FieldsWriter();
    for (String name : NAMES) {
      int id = ProjectedFields.id(name);
      switch (random.nextInt(6)) {
        case 0 -> writer.add(id, random.nextBoolean());
        case 1 -> writer.add(id, BigDecimal.valueOf(random.nextInt(3), random.nextInt(2)));
        case 2 -> writer.add(id, TEXTS.get(random.nextInt(TEXTS.size())));
        case 3 -> writer.add(id, random.nextInt(20) == 0 ? "x".repeat(200) : "a");
        default -> {}
      }
    }
    return writer.toFields();
  }
}
