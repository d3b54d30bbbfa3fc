package io.sessionizer.lines;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of this machine that a glob matches: {@code *} is any text without a slash, {@code **}
 * also with slashes.
 */
public final class LocalGlob {
  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{\\\\]");

  private LocalGlob() {}

  /** Returns the files, by name; a file of just this name is the only one. */
  public static List<Path> files(String glob) throws IOException {
    if (!WILDCARD.matcher(glob).find() || Files.isRegularFile(Path.of(glob))) {
      Path file = Path.of(glob);
      return Files.isRegularFile(file) ? List.of(file) : List.of();
    }
    Path folder = folder(glob);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(matcher::matches).sorted().toList();
    }
  }

  /** Returns the folder in front of the first wildcard. */
  private static Path folder(String glob) {
    String before = WILDCARD.split(glob, 2)[0];
    return Path.of(before.substring(0, before.lastIndexOf('/') + 1));
  }
}
