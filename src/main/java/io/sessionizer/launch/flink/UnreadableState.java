package io.sessionizer.launch.flink;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** State that Flink does not start a job from, since it is of steps that the job does not have. */
public final class UnreadableState {
  /** In Flink's words, which are in English whatever the language of the machine. */
  private static final Pattern STEP_IS_MISSING =
      Pattern.compile("checkpoint/savepoint (\\S+)\\. Cannot map checkpoint/savepoint state");

  private UnreadableState() {}

  /** Returns what is wrong and what to do, if a job failed because of such state. */
  public static Optional<String> reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Matcher message = STEP_IS_MISSING.matcher(String.valueOf(cause.getMessage()));
      if (message.find()) {
        return Optional.of(
            "%s is of an earlier release, or of a job with other steps (--engine, --stopWhenDrained), whose state this job cannot read: start it without this savepoint (docs/operations.md, \"Upgrades that cannot keep state\")"
                .formatted(message.group(1)));
      }
    }
    return Optional.empty();
  }
}
