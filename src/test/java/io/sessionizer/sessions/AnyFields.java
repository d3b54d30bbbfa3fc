package io.sessionizer.sessions;

import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.formats.SyntaxException;
import io.sessionizer.records.ProjectedFields;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Random values of projected fields, few enough that visits often have the same. */
public final class AnyFields {
  /** The fields. */
  public static final List<String> NAMES = List.of("/ad", "lower(/step)", "/é[key=x]");

  /** The fields, as a format has them. */
  public static final List<ProjectedField> PROJECTED =
      InputFormat.read(
              Map.of("--sequenceField", "s", "--eventIdField", "e"), Set.of(), new ArrayList<>())
          .withProjected(NAMES.stream().map(AnyFields::projected).toList())
          .projected();

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
    if (random.nextInt(3) == 0) {
      writer.add(ProjectedFields.SEQUENCE, BigDecimal.valueOf(random.nextInt(30) - 15, 1));
    }
    if (random.nextInt(3) == 0) {
      writer.add(ProjectedFields.EVENT_ID, "event " + random.nextInt(3));
    }
    for (String name : NAMES) {
      int id = ProjectedFields.id(name);
      switch (random.nextInt(6)) {
        case 0 -> writer.add(id, random.nextBoolean());
        case 1 -> writer.add(id, BigDecimal.valueOf(random.nextInt(3), random.nextInt(2)));
        case 2 -> writer.add(id, TEXTS.get(random.nextInt(TEXTS.size())));
        case 3 ->
            writer.add(id, random.nextInt(20) == 0 ? "x".repeat(1_022 + random.nextInt(4)) : "a");
        default -> {}
      }
    }
    return writer.toFields();
  }
}
