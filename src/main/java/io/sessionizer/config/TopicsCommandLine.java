package io.sessionizer.config;

import io.sessionizer.sessions.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The command that creates the topics of a job, as text for a message: with those of the job's
 * flags that decide which topics it needs, and without settings that may be secrets.
 */
final class TopicsCommandLine {
  private static final String BOOTSTRAP_SERVERS = "--bootstrapServers";
  private static final String ENGINE = "--engine";
  private static final String PRODUCER_CONFIG = "--producerConfig";
  private static final Set<String> KAFKA_CONFIGS = Set.of("--consumerConfig", PRODUCER_CONFIG);

  private static final Set<String> FLAGS =
      Set.of(
          "--config",
          BOOTSTRAP_SERVERS,
          "--visitsTopic",
          "--sessionsTopic",
          "--lateVisitsTopic",
          "--deadLettersTopic",
          ENGINE,
          "--maxSessionBytes",
          "--maxRecordBytes");

  private static final Pattern CREDENTIALS =
      Pattern.compile("--producerConfig=\\s*(security|sasl|ssl|config)\\..*", Pattern.DOTALL);

  private TopicsCommandLine() {}

  /**
   * Returns the command.
   *
   * @param args flags of the job as given, each {@code --name=value}
   * @param settings what they mean
   */
  static String of(List<String> args, Settings settings) {
    List<String> words = new ArrayList<>(List.of("./sessionizer", "topics"));
    GivenFlags given = new GivenFlags(args);
    words.addAll(given.missing(List.of(BOOTSTRAP_SERVERS + "=" + settings.bootstrapServers())));
    if (settings.engine() == Engine.WINDOWS) { // which may be the default of the job's runner only
      words.addAll(given.missing(List.of(ENGINE + "=" + settings.engine().flagValue())));
    }
    args.stream().filter(TopicsCommandLine::matters).map(ShellWord::of).forEach(words::add);
    boolean hasCredentials = args.stream().anyMatch(arg -> CREDENTIALS.matcher(arg).matches());
    return String.join(" ", words)
        + (hasCredentials ? " and the credentials that " + PRODUCER_CONFIG + " has here" : "");
  }

  private static boolean matters(String arg) {
    String name = GivenFlags.name(arg);
    boolean isFile = KAFKA_CONFIGS.contains(name) && arg.indexOf('=', name.length() + 1) < 0;
    return FLAGS.contains(name) || isFile;
  }
}
