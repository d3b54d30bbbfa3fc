package io.sessionizer.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFoldersTest {

  @Test
  void deletesFolderWithContents() throws Exception {
    Path folder = TemporaryFolders.create("test-");
    Files.writeString(Files.createDirectory(folder.resolve("a")).resolve("b"), "c");
    TemporaryFolders.delete(folder);
    assertFalse(Files.exists(folder));
  }

  @Test
  void keepsFoldersOfThisProcess() throws Exception {
    Path folder = TemporaryFolders.create("test-");
    TemporaryFolders.deleteThoseOfDeadProcesses();
    TemporaryFolders.deleteThoseOfDeadProcesses();
    assertTrue(Files.exists(folder));
    TemporaryFolders.delete(folder);
  }

  @Test
  void deletesFoldersOfDeadProcessesOnly(@TempDir Path folder) throws Exception {
    Process living = start(folder);
    Path livingFolder = printedFolder(living);
    Process killed = start(folder);
    Path deadFolder = printedFolder(killed);
    Path unknown = Files.createDirectory(folder.resolve("sessionizer-unknown"));
    killed.destroyForcibly().waitFor();
    assertTrue(Files.exists(deadFolder));

    Process next = start(folder);
    Path nextFolder = printedFolder(next);
    assertEquals(false, Files.exists(deadFolder));
    assertTrue(Files.exists(livingFolder));
    assertTrue(Files.exists(nextFolder));
    assertTrue(Files.exists(unknown));
    living.destroyForcibly().waitFor();
    next.destroyForcibly().waitFor();
  }

  private static Process start(Path folder) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Owner.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static Path printedFolder(Process process) throws Exception {
    return Path.of(
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
            .readLine());
  }

  /** Creates a folder, prints it, and waits to be killed. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] args) throws Exception {
      System.out.println(TemporaryFolders.create("test-"));
      System.in.read();
    }
  }
}
