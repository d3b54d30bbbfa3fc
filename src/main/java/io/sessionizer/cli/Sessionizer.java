package io.sessionizer.cli;

/** The command line. */
public final class Sessionizer {
  private Sessionizer() {}

  public static void main(String[] args) {
    System.out.println("hello");
  }
}
