package io.sessionizer.verify;

import io.sessionizer.records.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files of records of this machine, each of which is a part. */
abstract sealed class FilesSource implements RecordSource permits JsonLineFiles, ParquetFiles {
  private final String name;
  private final List<String> files;
  private final Map<String, Integer> parts = new HashMap<>();

  FilesSource(String name, List<Path> files) {
    this.name = name;
    this.files =
        files.stream()
            .map(file -> file.toAbsolutePath().normalize().toString()) // as a job names them
            .distinct()
            .sorted()
            .toList();
    this.files.forEach(file -> parts.put(file, parts.size()));
  }

  final List<Path> files() {
    return files.stream().map(Path::of).toList();
  }

  /** Reads the records of a part. */
  abstract void read(Path file, int part, EachRecord each) throws IOException;

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int parts() {
    return files.size();
  }

  @Override
  public final boolean isComplete() {
    return true;
  }

  @Override
  public final boolean replaces(int part) {
    return false;
  }

  @Override
  public final Coverage coverage(SourcePosition position) {
    return position.isInFile() && parts.containsKey(position.topic())
        ? Coverage.WITHIN
        : Coverage.ELSEWHERE;
  }

  @Override
  public final int part(SourcePosition position) {
    return parts.getOrDefault(position.topic(), -1);
  }

  @Override
  public final boolean isTruncated(int part) {
    return false;
  }

  @Override
  public final SourcePosition position(int part, long offset) {
    return new SourcePosition(files.get(part), SourcePosition.IN_FILE, offset);
  }

  @Override
  public final void read(EachRecord each) throws IOException {
    for (int part = 0; part < files.size(); part++) {
      read(Path.of(files.get(part)), part, each);
    }
  }

  @Override
  public final void close() {}
}
