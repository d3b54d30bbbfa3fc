package io.sessionizer.config;

import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The files of a job that reads no topic.
 *
 * @param input globs, or {@link #STANDARD} alone
 * @param output the folder to write to, {@link #STANDARD}, or null for topics
 * @param format of sessions in a folder
 * @param deadLetters the file for dead letters, beside {@link #STANDARD} as the output; or null
 */
public record FileNames(
    List<String> input,
    @Nullable String output,
    OutputFormat format,
    @Nullable String deadLetters) {
  /** Stands for the standard input, and the standard output. */
  public static final String STANDARD = "-";

  /** Copies the list. */
  public FileNames {
    input = List.copyOf(input);
  }

  /** Whether the standard input is read. */
  public boolean readsStandardInput() {
    return input.contains(STANDARD);
  }

  /** Whether sessions are written to the standard output. */
  public boolean writesStandardOutput() {
    return STANDARD.equals(output);
  }

  /** The input, for a message. */
  public String showsInput() {
    return readsStandardInput() ? "standard input" : String.join(", ", input);
  }

  /** What shows the dead letters of files; null if they are on a topic. */
  public @Nullable String showsDeadLetters() {
    if (output == null) {
      return null;
    }
    if (!writesStandardOutput()) {
      return output.replaceFirst("/+$", "") + "/dead-letters-*.jsonl";
    }
    return deadLetters == null ? "--deadLetters=FILE" : deadLetters;
  }
}
