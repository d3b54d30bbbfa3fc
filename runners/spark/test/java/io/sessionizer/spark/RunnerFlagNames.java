package io.sessionizer.spark;

import io.sessionizer.config.RegisteredFlags;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Prints the names and types of the flags of Beam's Spark runner, with that on the class path. */
final class RunnerFlagNames {
  private RunnerFlagNames() {}

  /** Prints them, one a line. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    RegisteredFlags.all()
        .forEach(
            (name, getter) -> {
              if (getter.getDeclaringClass().getName().contains(".runners.spark.")) {
                out.println(name.substring("--".length()) + " " + type(getter.getReturnType()));
              }
            });
  }

  private static String type(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "boolean", "Boolean" -> "boolean";
      case "long", "Long" -> "long";
      case "int", "Integer" -> "int";
      default -> "text";
    };
  }
}
