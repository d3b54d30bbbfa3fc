package io.sessionizer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sessionizer.testing.Browser;
import io.sessionizer.testing.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of the demo, in a real browser. */
class DemoPageIT {
  @TempDir private Path folder;

  @Test
  void demoShowsItselfUntilCtrlC() throws Exception {
    try (Browser browser = Browser.start();
        Command demo = Command.start(folder, List.of(), "demo", "--watch=0")) {
      demo.awaitErr("Watch it at", 300);
      String address = demo.err().replaceFirst("(?s).*Watch it at (\\S+) .*", "$1");
      browser.size(1400, 960);
      browser.open(address);
      for (String number : List.of("closed", "corrections", "too-late", "dead")) {
        browser.await(
            "Number(document.getElementById('" + number + "').innerText) >= 2",
            Duration.ofMinutes(5));
      }
      browser.screenshot("demo");
      browser.run("document.getElementById('theme').click()");
      browser.await("document.documentElement.dataset.theme == 'dark'");
      browser.screenshot("demo-dark");
      assertEquals(List.of(), browser.complaints());
      assertEquals(List.of("127.0.0.1"), browser.requestedHosts());

      List<ProcessHandle> processes = demo.process().descendants().toList();
      demo.interrupt();
      assertEquals(130, demo.exitCode(30), demo.err());
      assertTrue(demo.err().contains(" sessions, "), demo.err()); // the last: nothing was stuck
      processes.forEach(process -> assertFalse(process.isAlive()));
      assertFalse(demo.err().contains("Exception"), demo.err());
      browser.await("document.getElementById('status').innerText.startsWith('no response since ')");
    }
  }
}
