package io.sessionizer.kafka;

import io.sessionizer.config.Durations;
import io.sessionizer.config.Settings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The settings of a job that decide what its sessions are, and where they are. A job commits them
 * with its offsets, at the end of their metadata: a job with others would not continue its
 * sessions.
 *
 * @param flags the settings as flags, separated by blanks
 */
public record JobFingerprint(String flags) implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String FIRST = "--visitsTopic=";

  private static final int MOST_CHARACTERS = 300;

  /** Returns that of a job. */
  public static JobFingerprint of(Settings settings) {
    Map<String, Object> flags = new LinkedHashMap<>();
    flags.put("--visitsTopic", text(settings.topics().visitsAsFlag()));
    flags.put("--sessionsTopic", settings.topics().sessions());
    flags.put("--lateVisitsTopic", settings.topics().lateVisits());
    flags.put("--deadLettersTopic", settings.topics().deadLetters());
    flags.put("--engine", settings.engine().flagValue());
    flags.put("--sessionGap", Durations.format(settings.policy().gap()));
    flags.put("--maxSessionDuration", Durations.format(settings.policy().maxDuration()));
    flags.put("--maxPagesPerSession", settings.policy().maxPages());
    flags.put("--maxSessionBytes", settings.policy().maxBytes());
    flags.put("--deduplicate", settings.policy().deduplicate());
    Map<String, String> policy = settings.policyAsFlags();
    for (String rule : Settings.RULES) {
      flags.put(rule, policy.containsKey(rule) ? text(policy.get(rule)) : "none");
    }
    if (policy.containsKey("--timeZone")) {
      flags.put("--timeZone", policy.get("--timeZone"));
    }
    return new JobFingerprint(
        flags.entrySet().stream()
            .map(flag -> flag.getKey() + "=" + flag.getValue())
            .collect(Collectors.joining(" ")));
  }

  /** Returns a text without blanks, and a hash of a long one: metadata have 4 KB at most. */
  private static String text(String value) {
    return value.length() > MOST_CHARACTERS
        ? "hash:" + Integer.toHexString(value.hashCode())
        : value.replace("%", "%25").replace(" ", "%20");
  }

  /** Returns that of the job that has committed an offset; empty if it is not known. */
  public static Optional<JobFingerprint> in(OffsetAndMetadata committed) {
    int start = committed.metadata().indexOf(FIRST);
    return start < 0
        ? Optional.empty()
        : Optional.of(new JobFingerprint(committed.metadata().substring(start)));
  }

  /** Returns an offset to commit, with this added to its metadata. */
  public OffsetAndMetadata addTo(OffsetAndMetadata offset) {
    return new OffsetAndMetadata(
        offset.offset(), offset.leaderEpoch(), (offset.metadata() + " " + flags).strip());
  }

  /** Returns those of these flags that both jobs have, with other values. */
  public List<String> differencesFrom(JobFingerprint other) {
    Map<String, String> others = other.byName();
    List<String> differences = new ArrayList<>();
    byName()
        .forEach(
            (name, flag) -> {
              if (!others.getOrDefault(name, flag).equals(flag)) {
                differences.add(flag);
              }
            });
    return differences;
  }

  /** Each flag whole, by its name. */
  private Map<String, String> byName() {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String flag : flags.split(" ", -1)) {
      byName.put(flag.replaceFirst("=.*", ""), flag);
    }
    return byName;
  }
}
