package io.sessionizer.config;

import java.util.List;

/** The rules for flags that Beam cannot check, since a runner is not on the class path. */
@FunctionalInterface
public interface RunnerFlags {
  /** Returns what {@code --runner} must be, for one that Beam does not know. */
  String supported(String runner);

  /** Whether {@code arg} is a flag that is read here and not by Beam. */
  default boolean has(String arg) {
    return false;
  }

  /** Whether a flag that is read here, {@code --name}, needs no value. */
  default boolean isSwitch(String name) {
    return false;
  }

  /** Reads a flag, or adds what is wrong with it to {@code problems}. */
  default void read(String arg, List<String> problems) {}

  /** Returns which of these flags may have been meant by a name without dashes. */
  default List<String> near(String name) {
    return List.of();
  }
}
