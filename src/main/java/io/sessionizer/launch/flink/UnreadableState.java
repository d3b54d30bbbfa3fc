package io.sessionizer.launch.flink;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** State that a job does not start from, since it is of other steps, or of other topics. */
public final class UnreadableState {
  /** In Flink's words, which are in English whatever the language of the machine. */
  private static final Pattern STEP_IS_MISSING =
      Pattern.compile("checkpoint/savepoint (\\S+)\\. Cannot map checkpoint/savepoint state");

  /** In the words of a reader. */
  private static final Pattern TOPICS_DIFFER =
      Pattern.compile("the saved state is of a job with --visitsTopic=.*");

  private UnreadableState() {}

  /** Returns what is wrong and what to do, if a job failed because of such state. */
  public static Optional<String> reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      Matcher topics = TOPICS_DIFFER.matcher(text);
      if (topics.find()) {
        return Optional.of(topics.group());
      }
      Matcher message = STEP_IS_MISSING.matcher(text);
      if (message.find()) {
        return Optional.of(
            "%s is of an earlier release, or of a job with other steps (--engine, --stopWhenDrained), whose state this job cannot read: start it without this savepoint (docs/operations.md, \"Upgrades that cannot keep state\")"
                .formatted(message.group(1)));
      }
    }
    return Optional.empty();
  }
}
