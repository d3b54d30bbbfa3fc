package io.sessionizer.config;

/**
 * The names of the topics.
 *
 * @param visits read
 * @param sessions written
 * @param lateVisits for visits that came too late
 * @param deadLetters for rejected records
 */
public record TopicNames(String visits, String sessions, String lateVisits, String deadLetters) {
  /** Those of a job without flags. */
  public static final TopicNames USUAL =
      new TopicNames("visits", "sessions", "late-visits", "dead-letters");

  /** Returns those of a job that reads a topic, and has no flag for the others. */
  public static TopicNames ofVisits(String visits) {
    return new TopicNames(visits, USUAL.sessions, USUAL.lateVisits, USUAL.deadLetters);
  }

  /** Returns the flags of names that are not the usual ones, each behind a blank. */
  public String asFlags() {
    return flag("--visitsTopic", visits, USUAL.visits)
        + flag("--sessionsTopic", sessions, USUAL.sessions)
        + flag("--lateVisitsTopic", lateVisits, USUAL.lateVisits)
        + flag("--deadLettersTopic", deadLetters, USUAL.deadLetters);
  }

  private static String flag(String flag, String name, String usual) {
    return name.equals(usual) ? "" : " " + flag + "=" + name;
  }
}
