package io.sessionizer.launch.dataflow;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The message of an error of Google's services, as one line. */
public final class GoogleError {
  private static final Pattern MESSAGE =
      Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  private GoogleError() {}

  /** Finds it in an exception of the runner, which has the service's response among its causes. */
  public static String inOneLine(Throwable e) {
    Throwable innermost = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      Matcher message = MESSAGE.matcher(String.valueOf(cause.getMessage()));
      if (message.find()) {
        return firstLine(cause) + ": " + message.group(1);
      }
      innermost = cause;
    }
    return firstLine(innermost);
  }

  /** Of a response this is the status. */
  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }
}
