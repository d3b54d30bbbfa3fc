package io.sessionizer.config;

import java.util.Arrays;
import java.util.Optional;

/** How sessions are written to the files of a folder. */
public enum OutputFormat {
  JSONL("jsonl"),
  PARQUET("parquet");

  private final String flagValue;

  OutputFormat(String flagValue) {
    this.flagValue = flagValue;
  }

  /** Returns the value of the flag. */
  public String flagValue() {
    return flagValue;
  }

  static Optional<OutputFormat> of(String flagValue) {
    return Arrays.stream(values()).filter(format -> format.flagValue.equals(flagValue)).findFirst();
  }
}
