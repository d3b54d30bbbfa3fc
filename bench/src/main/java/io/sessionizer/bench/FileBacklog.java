package io.sessionizer.bench;

import io.sessionizer.generator.GeneratedVisit;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.zip.GZIPOutputStream;

/**
 * Files that a workload is written to before anybody reads it.
 *
 * @param folder has nothing but the files
 * @param task what is in them
 */
record FileBacklog(Path folder, Task task) {
  private static final int FILES = 4;
  private static final int BUFFER_BYTES = 1 << 20;

  /** Writes a task to files in a folder, which is created. */
  static FileBacklog write(Path folder, Task task) throws IOException {
    Files.createDirectories(folder);
    Iterator<GeneratedVisit> visits = task.generate();
    String ending = task.isCompressed() ? ".jsonl.gz" : ".jsonl";
    for (int file = 0; file < FILES; file++) {
      long count = task.size() * (file + 1) / FILES - task.size() * file / FILES;
      try (OutputStream out = open(folder.resolve("visits-" + file + ending), task)) {
        for (long i = 0; i < count; i++) {
          out.write(visits.next().value());
          out.write('\n');
        }
      }
    }
    return new FileBacklog(folder, task);
  }

  private static OutputStream open(Path file, Task task) throws IOException {
    OutputStream out = Files.newOutputStream(file);
    return new BufferedOutputStream(
        task.isCompressed() ? new GZIPOutputStream(out, BUFFER_BYTES) : out, BUFFER_BYTES);
  }
}
