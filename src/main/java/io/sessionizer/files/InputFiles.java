package io.sessionizer.files;

import io.sessionizer.config.NotReadyException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;

/** The files that globs match. */
public final class InputFiles {
  private InputFiles() {}

  /**
   * Returns the files that globs match, each once, by name.
   *
   * @throws NotReadyException with all globs that match nothing, or a file that cannot be read
   */
  static List<InputFile> matching(List<String> globs) throws NotReadyException {
    if (globs.equals(List.of(InputFile.STANDARD_INPUT))) {
      return List.of(new InputFile(InputFile.STANDARD_INPUT, 0, false));
    }
    List<String> problems = new ArrayList<>();
    Map<String, Metadata> matched = matched(globs, problems);
    List<InputFile> files = new ArrayList<>();
    for (Metadata file : matched.values()) {
      String name = file.resourceId().toString();
      try {
        files.add(InputFile.of(name, file.sizeBytes()));
      } catch (IOException e) {
        problems.add("cannot read %s: %s".formatted(name, e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new NotReadyException(problems);
    }
    return files;
  }

  /**
   * Requires that each glob matches a file, which may be read elsewhere.
   *
   * @throws NotReadyException with all globs that match nothing
   */
  public static void requireMatches(List<String> globs) throws NotReadyException {
    List<String> problems = new ArrayList<>();
    matched(globs, problems);
    if (!problems.isEmpty()) {
      throw new NotReadyException(problems);
    }
  }

  private static Map<String, Metadata> matched(List<String> globs, List<String> problems) {
    Map<String, Metadata> matched = new TreeMap<>();
    for (String glob : globs) {
      List<Metadata> files = match(glob, problems);
      files.forEach(file -> matched.put(file.resourceId().toString(), file));
    }
    return matched;
  }

  private static String hint(String glob) throws IOException {
    String folder = glob.replaceFirst("/+$", "");
    List<Metadata> inFolder =
        FileSystems.match(folder + "/*", EmptyMatchTreatment.ALLOW).metadata();
    if (!inFolder.isEmpty()) {
      return "; for those in the folder, name " + folder + "/*";
    }
    return glob.contains(",") ? "; a comma is part of a name, repeat the flag for another" : "";
  }

  private static List<Metadata> match(String glob, List<String> problems) {
    try {
      MatchResult result = FileSystems.match(glob, EmptyMatchTreatment.ALLOW);
      List<Metadata> files =
          result.metadata().stream().filter(file -> !file.resourceId().isDirectory()).toList();
      if (files.isEmpty()) {
        problems.add("--input=%s: matches no file%s".formatted(glob, hint(glob)));
      }
      return files;
    } catch (IOException | IllegalArgumentException e) {
      problems.add("--input=%s: %s".formatted(glob, e.getMessage()));
      return List.of();
    }
  }
}
