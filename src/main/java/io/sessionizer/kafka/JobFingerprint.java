package io.sessionizer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.config.Durations;
import io.sessionizer.config.PrivateVisits;
import io.sessionizer.config.Settings;
import io.sessionizer.formats.FormatFlags;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.records.VisitFormat;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The settings of a job that decide what its sessions are, and where they are. A job commits them
 * with its offsets, at the end of their metadata: a job with others would not continue its
 * sessions. Of the format of visits there is what differs from the default.
 *
 * @param flags the settings as flags, separated by blanks
 */
public record JobFingerprint(String flags) implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String FIRST = "--visitsTopic=";
  private static final String MAX_SESSION_BYTES = "--maxSessionBytes";
  private static final String PRIVATE_VISITS = "--privateVisits";

  private static final int MOST_CHARACTERS = 300;

  /** Of Kafka's 4,096 bytes of metadata, what the progress of a partition leaves. */
  private static final int MOST_BYTES = 3_600;

  private static final String NONE = "none";

  /** Characters that would end a flag, or a line of the metadata. */
  private static final Pattern SEPARATOR = Pattern.compile("[%\\s\\p{Cc}\\u2028\\u2029]");

  /** What a job has that commits nothing of a flag. */
  private static final Map<String, String> USUAL = usual();

  private static Map<String, String> usual() {
    Map<String, String> usual = new LinkedHashMap<>();
    FormatFlags.TEXTS.forEach(flag -> usual.put(flag, NONE));
    usual.put(FormatFlags.MISSING, NONE);
    usual.put(FormatFlags.RECORD_FORMAT, InputFormat.DEFAULT.recordFormat().toString());
    usual.put(FormatFlags.VISIT_ID, VisitFormat.VISIT_ID);
    usual.put(FormatFlags.EVENT_TIME, VisitFormat.EVENT_TIME);
    usual.put(FormatFlags.EVENT_TIME_FORMAT, InputFormat.DEFAULT.eventTimeFormat().toString());
    usual.put(FormatFlags.EVENT_TIME_ZONE, "UTC");
    usual.put(FormatFlags.USER_ID, VisitFormat.USER_ID);
    usual.put(FormatFlags.PAGE, VisitFormat.PAGE);
    usual.put(PRIVATE_VISITS, "keep");
    return usual;
  }

  /** Returns that of a job. */
  public static JobFingerprint of(Settings settings) {
    Map<String, String> policy = settings.policyAsFlags();
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("--visitsTopic", text(settings.topics().visitsAsFlag()));
    flags.put("--sessionsTopic", settings.topics().sessions());
    flags.put("--lateVisitsTopic", settings.topics().lateVisits());
    flags.put("--deadLettersTopic", settings.topics().deadLetters());
    flags.put("--engine", settings.engine().flagValue());
    flags.put("--sessionGap", Durations.format(settings.policy().gap()));
    flags.put("--maxSessionDuration", Durations.format(settings.policy().maxDuration()));
    flags.put("--maxPagesPerSession", String.valueOf(settings.policy().maxPages()));
    flags.put(MAX_SESSION_BYTES, policy.getOrDefault(MAX_SESSION_BYTES, NONE));
    flags.put("--deduplicate", String.valueOf(settings.policy().deduplicate()));
    for (String rule : Settings.RULES) {
      flags.put(rule, policy.containsKey(rule) ? text(policy.get(rule)) : NONE);
    }
    if (policy.containsKey("--timeZone")) {
      flags.put("--timeZone", policy.get("--timeZone"));
    }
    settings.inputFormat().asFlags().forEach((flag, value) -> flags.put(flag, text(value)));
    if (settings.privacy().visits() == PrivateVisits.EXCLUDE) {
      Map<String, String> all = settings.asFlags();
      all.keySet().retainAll(Set.of(PRIVATE_VISITS, "--privateField"));
      all.forEach((flag, value) -> flags.put(flag, text(value)));
    }
    return new JobFingerprint(joined(flags));
  }

  /** Returns a text without blanks, and a hash of a long one. */
  private static String text(String value) {
    return value.length() > MOST_CHARACTERS
        ? hash(value)
        : SEPARATOR.matcher(value).replaceAll(c -> "%%%02X".formatted((int) c.group().charAt(0)));
  }

  private static String hash(String value) {
    return "hash:" + Integer.toHexString(value.hashCode());
  }

  /** Joins flags. If that is too long, there is a hash in place of the longest values. */
  private static String joined(Map<String, String> flags) {
    while (true) {
      String joined =
          flags.entrySet().stream()
              .map(flag -> flag.getKey() + "=" + flag.getValue())
              .collect(Collectors.joining(" "));
      if (joined.getBytes(UTF_8).length <= MOST_BYTES) {
        return joined;
      }
      Map.Entry<String, String> longest =
          Collections.max(
              flags.entrySet(), Comparator.comparingInt(flag -> flag.getValue().length()));
      longest.setValue(hash(longest.getValue()));
    }
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
    Map<String, String> all = byName();
    USUAL.forEach(
        (name, value) -> {
          if (others.containsKey(name)) {
            all.putIfAbsent(name, value);
          }
        });
    List<String> differences = new ArrayList<>();
    all.forEach(
        (name, value) -> {
          if (!others.getOrDefault(name, USUAL.getOrDefault(name, value)).equals(value)) {
            differences.add(name + "=" + value);
          }
        });
    return differences;
  }

  /** The values of the flags, by their names. */
  private Map<String, String> byName() {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String flag : flags.split(" ", -1)) {
      String[] nameAndValue = flag.split("=", 2);
      byName.put(nameAndValue[0], nameAndValue.length < 2 ? "" : nameAndValue[1]);
    }
    return byName;
  }
}
