package io.sessionizer.config;

import java.util.Locale;

/** What happens to private visits. */
public enum PrivateVisits {
  /** They are visits like any others. */
  KEEP,

  /** They are counted and go no further. */
  EXCLUDE;

  /** The name in the flag {@code --privateVisits}. */
  String flagValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
