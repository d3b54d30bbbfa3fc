package io.sessionizer.sessions;

import io.sessionizer.sessions.SessionRules.FieldValue;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random rules. Midnight is at 0, where times are small numbers. */
public final class AnyRules {
  private AnyRules() {}

  /**
   * Returns rules; none in half of the cases.
   *
   * @param pages that may end a session
   * @param users that may end a session
   */
  public static SessionRules of(Random random, List<String> pages, List<String> users) {
    if (random.nextBoolean()) {
      return SessionRules.NONE;
    }
    List<VisitField> splitOn = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      splitOn.add(field(random));
    }
    List<FieldValue> endOn = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      VisitField field = field(random);
      List<String> values =
          field.isProjected() ? AnyFields.VALUES : field.equals(VisitField.PAGE) ? pages : users;
      endOn.add(new FieldValue(field, values.get(random.nextInt(values.size()))));
    }
    return new SessionRules(splitOn, endOn, random.nextBoolean() ? null : ZoneOffset.UTC);
  }

  private static VisitField field(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> VisitField.PAGE;
      case 1 -> VisitField.USER_ID;
      default -> VisitField.named(AnyFields.NAMES.get(random.nextInt(AnyFields.NAMES.size())));
    };
  }
}
