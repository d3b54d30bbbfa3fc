package io.sessionizer.config;

import java.util.Locale;

/** What happens to private visits. */
public enum PrivateVisits {
  /** They are visits like any others. */
  KEEP,

  /** They are counted and go no further. */
  EXCLUDE,

  /** The session of a private visit has a pseudonym in place of its user. */
  PSEUDONYMIZE;

  /** The name in the flag {@code --privateVisits}. */
  String flagValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
