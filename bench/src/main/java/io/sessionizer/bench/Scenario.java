package io.sessionizer.bench;

import java.util.Locale;

/**
 * A workload of a certain size, which contenders run in turn.
 *
 * @param workload what its visits look like
 * @param visits how many there are
 * @param archives whether each contender's JVM has a class-data archive
 */
record Scenario(Workload workload, long visits, boolean archives) {
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s, %,d visits%s", workload, visits, archives ? ", class-data archives" : "");
  }
}
