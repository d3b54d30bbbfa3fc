package io.sessionizer.cli;

import java.util.List;

/** The range of ports that a command may listen on. */
final class PortCheck {
  private static final int HIGHEST = 65_535;

  private PortCheck() {}

  /**
   * Checks a port; 0 is any free one.
   *
   * @param problems receives a line if it is out of range
   */
  static void check(String flag, int port, List<String> problems) {
    if (port < 0 || port > HIGHEST) {
      problems.add(flag + "=" + port + ": must be from 0 to " + HIGHEST);
    }
  }
}
