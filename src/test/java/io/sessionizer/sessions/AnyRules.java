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
      splitOn.add(random.nextInt(3) == 0 ? VisitField.PAGE : VisitField.USER_ID);
    }
    List<FieldValue> endOn = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      endOn.add(
          random.nextBoolean()
              ? new FieldValue(VisitField.PAGE, pages.get(random.nextInt(pages.size())))
              : new FieldValue(VisitField.USER_ID, users.get(random.nextInt(users.size()))));
    }
    return new SessionRules(splitOn, endOn, random.nextBoolean() ? null : ZoneOffset.UTC);
  }
}
