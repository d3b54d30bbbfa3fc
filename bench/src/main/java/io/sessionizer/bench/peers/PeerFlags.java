package io.sessionizer.bench.peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The flags of a peer, as {@code name=value} arguments.
 *
 * @param bootstrapServers where the broker is
 * @param input the topic of visits
 * @param output the topic of sessions
 * @param bounded whether to end where the input ends now
 * @param parallelism how many threads work
 * @param state {@code heap} or {@code rocksdb}
 * @param folder for checkpoints and scratch files
 * @param allowedLateness how long after its end a session still accepts late visits
 */
record PeerFlags(
    String bootstrapServers,
    String input,
    String output,
    boolean bounded,
    int parallelism,
    String state,
    Path folder,
    Duration allowedLateness) {
  /** Inactivity gap that ends a session. */
  static final Duration GAP = Duration.ofMinutes(16);

  /**
   * What these frameworks need for the same: to them windows that touch are one, and Beam's are
   * half-open.
   */
  static final Duration GAP_OF_CLOSED_WINDOWS = GAP.minusMillis(1);

  /** How far the watermark stays behind the newest visit. */
  static final Duration MAX_OUT_OF_ORDERNESS = Duration.ofMinutes(1);

  /** How often state is saved. */
  static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

  static PeerFlags parse(String... args) {
    Map<String, String> flags =
        Arrays.stream(args)
            .map(arg -> arg.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return new PeerFlags(
        flags.get("bootstrapServers"),
        flags.get("input"),
        flags.get("output"),
        Boolean.parseBoolean(flags.get("bounded")),
        Integer.parseInt(flags.get("parallelism")),
        flags.get("state"),
        Path.of(flags.get("folder")),
        Duration.parse(flags.get("allowedLateness")));
  }
}
