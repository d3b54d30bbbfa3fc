package io.sessionizer.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.Command;
import io.sessionizer.testing.Page;
import io.sessionizer.testing.PageShell;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executes the README's commands from events to sessions. */
class OwnEventsIT {
  private static final Page README = Page.of(Path.of("README.md"));
  private static final String SECTION = "Your own events";

  @TempDir private static Path folder;
  private static PageShell shell;
  private static Command commands;

  @BeforeAll
  static void runCommands() throws Exception {
    shell = PageShell.withoutBroker(folder);
    shell.write("clicks.jsonl", README.code(SECTION, "json").get(0));
    commands = shell.run(README.code(SECTION, "sh").get(0));
  }

  @AfterAll
  static void closeShell() {
    shell.close();
  }

  @Test
  void eventsBecomeSessions() throws Exception {
    String shown = README.code(SECTION, "text").get(0).strip();
    String start = shown.substring(0, shown.length() - "...".length());
    String sessions = shell.run("cat sessions/sessions-*.jsonl").out();
    assertEquals(1, sessions.lines().count(), sessions);
    assertTrue(sessions.startsWith(start), sessions);
  }

  @Test
  void sessionsAreVerified() throws Exception {
    String out = commands.out();
    assertTrue(out.contains("sessions   1 in the final table: 1 right"), out);
    assertTrue(
        out.contains("every visit is in exactly one place, and every session is right"), out);
  }
}
