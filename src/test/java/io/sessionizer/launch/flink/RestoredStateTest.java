package io.sessionizer.launch.flink;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether Flink's configuration names a savepoint. */
class RestoredStateTest {
  @TempDir private Path folder;

  private boolean isConfigured(String yaml) throws IOException {
    Files.writeString(folder.resolve("config.yaml"), yaml);
    return RestoredState.isConfiguredIn(folder.toString());
  }

  @Test
  void findsSavepointHoweverItIsWritten() throws Exception {
    assertTrue(isConfigured("execution.savepoint.path: /savepoints/1\n"));
    assertTrue(isConfigured("execution:\n  savepoint:\n    path: /savepoints/1\n"));
    assertFalse(isConfigured("execution.savepoint.ignore-unclaimed-state: true\n"));
  }

  @Test
  void missingConfigurationNamesNone() {
    assertFalse(RestoredState.isConfiguredIn(null));
    assertFalse(RestoredState.isConfiguredIn(folder.resolve("missing").toString()));
  }

  @Test
  void environmentNamesNone() {
    assertFalse(RestoredState.isConfiguredHere());
  }
}
