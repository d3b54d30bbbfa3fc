package io.sessionizer.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
  private static final String SNAPPY = "org.xerial.snappy.tempdir";

  @TempDir private Path folder;
  private final Properties before = (Properties) System.getProperties().clone();

  @AfterEach
  void restoreProperties() {
    System.setProperties(before);
  }

  private Path file(String name, Duration age) throws Exception {
    Path file = Files.write(folder.resolve(name), new byte[100]);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    return file;
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void deletesOldFilesThatNoProcessHasLoaded() throws Exception {
    Duration old = Duration.ofHours(2);
    file("liblz4-java-1.so", old);
    file("liblz4-java-1.so.lck", old);
    file("snappy-1.1.10-5b9-libsnappyjava.so", old);
    file("libzstd-jni-1.5.6-4123.so", old);
    file("liblz4-java-2.so", Duration.ofMinutes(1));
    file("liblz4-java-2.so.lck", Duration.ofMinutes(1));
    file("libother.so", old);
    Path loaded = file("liblz4-java-3.so", old);
    file("liblz4-java-3.so.lck", old);
    try (FileChannel channel = FileChannel.open(loaded)) {
      var mapped = channel.map(MapMode.READ_ONLY, 0, 100);
      NativeLibraries.deleteUnused(folder.toRealPath());
      assertEquals(100, mapped.limit());
    }
    assertEquals(
        List.of(
            "liblz4-java-2.so",
            "liblz4-java-2.so.lck",
            "liblz4-java-3.so",
            "liblz4-java-3.so.lck",
            "libother.so"),
        names());
  }

  @Test
  void unpacksToFolderOfProcess() {
    System.clearProperty(SNAPPY);
    NativeLibraries.unpackTo(folder);
    assertEquals(folder.toString(), System.getProperty(SNAPPY));
  }

  @Test
  void keepsFolderOfUser() {
    System.setProperty(SNAPPY, "/user");
    NativeLibraries.unpackTo(folder);
    assertEquals("/user", System.getProperty(SNAPPY));
  }
}
