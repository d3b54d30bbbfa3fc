package io.sessionizer.bench.peers;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The flags of a peer that reads and writes files, as {@code name=value} arguments.
 *
 * @param input the folder with the files of visits
 * @param output a folder that does not exist
 * @param scratch a folder for temporary files
 * @param parallelism how many threads work
 */
record FileFlags(Path input, Path output, Path scratch, int parallelism) {
  static FileFlags parse(String... args) {
    Map<String, String> flags =
        Arrays.stream(args)
            .map(arg -> arg.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return new FileFlags(
        Path.of(flags.get("input")),
        Path.of(flags.get("output")),
        Path.of(flags.get("scratch")),
        Integer.parseInt(flags.get("parallelism")));
  }
}
