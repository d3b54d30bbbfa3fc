package io.sessionizer.config;

import io.sessionizer.attributes.SessionAttributes;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.formats.AttributeDefinition;
import io.sessionizer.formats.FieldExpression;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.formats.ProjectedField;
import io.sessionizer.formats.SyntaxException;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.SessionRules;
import io.sessionizer.sessions.SessionRules.FieldValue;
import io.sessionizer.sessions.VisitField;
import java.net.InetSocketAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What the flags mean.
 *
 * @param bootstrapServers Kafka brokers to connect to first
 * @param topics the topics' names
 * @param policy when visits are one session
 * @param engine how sessions are formed
 * @param maxOutOfOrderness how far the watermark stays behind the newest visit
 * @param idleAfter wall time without a record after which a partition no longer holds back the
 *     watermark
 * @param maxFutureSkew how far ahead of the wall clock an event time may be
 * @param inputFormat how records are read as visits
 * @param privacy what happens to private visits
 * @param attributes the attributes of sessions, in their order
 * @param maxRecordBytes the largest record that is read as a visit
 * @param timeZone of start and end in a session's JSON
 * @param startFrom first record to read
 * @param rewind how far before that to start, in Kafka timestamps; or null
 * @param usesForeignGroup whether the job uses a consumer group that another job has used, or uses
 * @param stopWhenDrained whether the job stops at the end that the topic had when it started
 * @param consumerConfig Kafka consumer settings of the user, and the consumer group
 * @param producerConfig Kafka producer settings of the user
 * @param metrics address of the metrics endpoint, unresolved; or null
 * @param files what a job reads and writes in place of topics; or null
 * @param seam the event time where a stream continues the visits of files; or null
 * @param openVisits the folder with the visits of sessions that are open at the seam: written by a
 *     job on files, else read; or null
 */
public record Settings(
    String bootstrapServers,
    TopicNames topics,
    SessionPolicy policy,
    Engine engine,
    Duration maxOutOfOrderness,
    Duration idleAfter,
    Duration maxFutureSkew,
    InputFormat inputFormat,
    Privacy privacy,
    List<AttributeDefinition> attributes,
    int maxRecordBytes,
    ZoneId timeZone,
    StartFrom startFrom,
    @Nullable Duration rewind,
    boolean usesForeignGroup,
    boolean stopWhenDrained,
    Map<String, String> consumerConfig,
    Map<String, String> producerConfig,
    @Nullable InetSocketAddress metrics,
    @Nullable FileNames files,
    @Nullable Instant seam,
    @Nullable String openVisits) {

  /** What {@link #shortestRewind} is made of, in flags. */
  public static final String SHORTEST_REWIND =
      "--maxSessionDuration + 2 * --sessionGap + --allowedLateness + 2 * --maxOutOfOrderness";

  /** The Kafka consumer setting that names the group. */
  private static final String GROUP_ID = "group.id";

  private static final String MAX_SESSION_BYTES = "--maxSessionBytes";
  private static final String SPLIT_ON = "--splitOn";
  private static final String END_ON = "--endOn";
  private static final String SPLIT_AT_MIDNIGHT = "--splitAtMidnight";

  /** The flags of rules that end sessions. */
  public static final List<String> RULES = List.of(SPLIT_ON, END_ON, SPLIT_AT_MIDNIGHT);

  /** The most that {@code --maxSessionBytes} may be: the whole buffer of a producer. */
  private static final int MOST_BYTES = 32 << 20;

  /**
   * Reads the flags.
   *
   * @param usualEngine the engine of a job that names none
   * @throws BadFlagsException with every flag whose value makes no sense
   */
  public static Settings from(SessionizationOptions options, Engine usualEngine)
      throws BadFlagsException {
    return new SettingsReader(usualEngine).read(options);
  }

  /**
   * Shortest rewind: a session that started before the first record read again accepts no visit any
   * more where the earlier job had got to.
   */
  public Duration shortestRewind() {
    return policy.shortestRewind(maxOutOfOrderness);
  }

  /** The consumer group under which the job commits offsets. */
  public String group() {
    return consumerConfig.getOrDefault(GROUP_ID, usualGroup(topics));
  }

  /** The group of a job that names none: jobs with other topics have other offsets. */
  private static String usualGroup(TopicNames topics) {
    return "sessionizer." + String.join("+", topics.visits()) + "." + topics.sessions();
  }

  /** One line for the log; of the Kafka settings only the names, since values may be secrets. */
  @Override
  public String toString() {
    if (files != null) {
      return "%s -> %s, gap %s, time zone %s%s"
          .formatted(
              files.showsInput(),
              showsOutput(files),
              policy.gap(),
              timeZone,
              seam == null ? "" : ", up to the seam " + seam);
    }
    return "%s -> %s at %s, group %s, gap %s, lateness %s, out-of-orderness %s, from %s%s%s, time zone %s%s%s"
        .formatted(
            topics.visitsAsFlag(),
            topics.sessions(),
            bootstrapServers,
            group(),
            policy.gap(),
            policy.allowedLateness(),
            maxOutOfOrderness,
            startFrom,
            rewind == null ? "" : " rewound by " + rewind,
            stopWhenDrained ? " until drained" : "",
            timeZone,
            names(", consumer settings ", withoutGroup()),
            names(", producer settings ", producerConfig));
  }

  /**
   * Whether a visit is retained with fields of its event besides those that every visit has: for
   * rules, attributes, pseudonyms and the order of visits.
   */
  public boolean retainsFields() {
    return !inputFormat.projected().isEmpty();
  }

  /**
   * Returns what writes the attributes of sessions; null if these have none.
   *
   * @param skipped counts values that are too large
   */
  public @Nullable SessionAttributes sessionAttributes(SkippedValues skipped) {
    return SessionAttributes.of(attributes, privacy.fields(), skipped);
  }

  /** All of them by flag, as on a command line; of the Kafka settings only the names. */
  public Map<String, String> asFlags() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("--bootstrapServers", bootstrapServers);
    all.put("--visitsTopic", topics.visitsAsFlag());
    all.put("--sessionsTopic", topics.sessions());
    all.put("--lateVisitsTopic", topics.lateVisits());
    all.put("--deadLettersTopic", topics.deadLetters());
    all.put("--sessionGap", policy.gap().toString());
    all.put("--allowedLateness", policy.allowedLateness().toString());
    all.put("--maxOutOfOrderness", maxOutOfOrderness.toString());
    all.put("--engine", engine.flagValue());
    all.put("--maxSessionDuration", policy.maxDuration().toString());
    all.put("--maxPagesPerSession", String.valueOf(policy.maxPages()));
    all.put(MAX_SESSION_BYTES, String.valueOf(maxSessionBytes()));
    all.put("--deduplicate", String.valueOf(policy.deduplicate()));
    SessionRules rules = policy.rules();
    if (!rules.splitOn().isEmpty()) {
      all.put(SPLIT_ON, joined(rules.splitOn().stream().map(VisitField::fieldName)));
    }
    if (!rules.endOn().isEmpty()) {
      all.put(END_ON, joined(rules.endOn().stream().map(FieldValue::toString)));
    }
    if (rules.midnightIn() != null) {
      all.put(SPLIT_AT_MIDNIGHT, "true");
    }
    if (!attributes.isEmpty()) {
      all.put(AttributeSettings.FLAG, joined(attributes.stream().map(Object::toString)));
    }
    all.put("--idleAfter", idleAfter.toString());
    all.put("--maxFutureSkew", maxFutureSkew.toString());
    all.put("--maxRecordBytes", String.valueOf(maxRecordBytes));
    if (privacy.visits() != PrivateVisits.KEEP) {
      all.put(PrivacySettings.VISITS, privacy.visits().flagValue());
      all.put(PrivacySettings.FIELD, privacy.isPrivate().fields().get(0).text());
    }
    all.put("--timeZone", timeZone.getId());
    all.put("--consumerConfig", new TreeSet<>(withoutGroup().keySet()).toString());
    all.putAll(inputFormat.asFlags());
    return all;
  }

  /**
   * Returns the flag: of the bytes of a session's record, attributes and pseudonyms may take some.
   */
  private int maxSessionBytes() {
    return policy.maxBytes() + SessionAttributes.maxBytes(attributes) + privacy.bytes();
  }

  private static String joined(Stream<String> values) {
    return values.collect(Collectors.joining(", "));
  }

  /** Those flags that decide where a session ends. */
  public Map<String, String> policyAsFlags() {
    Set<String> names =
        new HashSet<>(
            Set.of(
                "--sessionGap",
                "--maxSessionDuration",
                "--maxPagesPerSession",
                MAX_SESSION_BYTES,
                "--deduplicate"));
    names.addAll(RULES);
    if (policy.rules().midnightIn() != null) {
      names.add("--timeZone");
    }
    Map<String, String> flags = asFlags();
    flags.keySet().retainAll(names);
    return flags;
  }

  private String showsOutput(FileNames files) {
    if (files.output() == null) {
      return "%s at %s".formatted(topics.sessions(), bootstrapServers);
    }
    return files.writesStandardOutput() ? "standard output" : files.output();
  }

  private Map<String, String> withoutGroup() {
    Map<String, String> others = new HashMap<>(consumerConfig);
    others.remove(GROUP_ID);
    return others;
  }

  /** What shows the dead letters; the settings of clients may be secrets. */
  public String showsDeadLetters() {
    String inFiles = files == null ? null : files.showsDeadLetters();
    if (inFiles != null) {
      return inFiles;
    }
    return "./sessionizer tail --topic=%s --bootstrapServers=%s --noFollow%s"
        .formatted(topics.deadLetters(), bootstrapServers, withCredentials());
  }

  /** What shows which shape the records have; the settings of clients may be secrets. */
  public String showsRecords() {
    if (files != null) {
      return files.input().stream()
          .map(glob -> ShellWord.of("--input=" + glob))
          .collect(Collectors.joining(" ", "./sessionizer inspect ", ""));
    }
    return "./sessionizer inspect --bootstrapServers=%s --visitsTopic=%s%s"
        .formatted(bootstrapServers, topics.visitsAsFlag(), withCredentials());
  }

  private String withCredentials() {
    return needsCredentials() ? " (with --clientConfig as --consumerConfig here)" : "";
  }

  private boolean needsCredentials() {
    return consumerConfig.keySet().stream()
        .anyMatch(key -> key.matches("(security|sasl|ssl)\\..*"));
  }

  private static String names(String title, Map<String, String> config) {
    return config.isEmpty() ? "" : title + new TreeSet<>(config.keySet());
  }

  /**
   * Reads flag by flag and continues after a problem, to report all of them. A value that is
   * invalid may be replaced by a substitute, which is not used.
   */
  private static final class SettingsReader {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Not a second problem if there is a rewind as well. */
    private static final StartFrom SUBSTITUTE_START =
        new StartFrom(StartFrom.Position.COMMITTED, null);

    private final Engine usualEngine;
    private final List<String> problems = new ArrayList<>();

    /** What rules and attributes need of events, by the flag that needs it, with its value. */
    private final Map<String, List<ProjectedField>> projected = new LinkedHashMap<>();

    SettingsReader(Engine usualEngine) {
      this.usualEngine = usualEngine;
    }

    Settings read(SessionizationOptions options) throws BadFlagsException {
      String servers = servers(options.getBootstrapServers());
      TopicNames topics = topics(options);
      Duration gap = duration("--sessionGap", options.getSessionGap(), 1);
      Duration lateness = duration("--allowedLateness", options.getAllowedLateness(), 0);
      Duration disorder = duration("--maxOutOfOrderness", options.getMaxOutOfOrderness(), 0);
      Duration idle = duration("--idleAfter", options.getIdleAfter(), 1);
      Duration skew = duration("--maxFutureSkew", options.getMaxFutureSkew(), 0);
      ZoneId zone =
          value(
              "--timeZone",
              options.getTimeZone(),
              "a time zone such as Europe/Paris",
              ZoneId::of,
              ZoneOffset.UTC);
      StartFrom start =
          value(
              "--startFrom",
              options.getStartFrom(),
              "earliest, latest, committed or a time such as 2024-01-01T00:00:00Z",
              StartFrom::parse,
              SUBSTITUTE_START);
      Duration longest = duration("--maxSessionDuration", options.getMaxSessionDuration(), 1);
      int maxPages = count("--maxPagesPerSession", options.getMaxPagesPerSession());
      List<AttributeDefinition> attributes = AttributeSettings.read(options, problems);
      attributes.forEach(
          attribute ->
              projected.put(
                  AttributeSettings.FLAG + "=" + attribute,
                  AttributeDefinition.projected(List.of(attribute))));
      int attributeBytes = SessionAttributes.maxBytes(attributes);
      int maxBytes = maxSessionBytes(options.getMaxSessionBytes(), attributeBytes);
      int maxRecordBytes = count("--maxRecordBytes", options.getMaxRecordBytes());
      boolean deduplicate = yesOrNo("--deduplicate", options.getDeduplicate());
      boolean usesForeignGroup = yesOrNo("--takeOver", options.getTakeOver());
      boolean stopWhenDrained = yesOrNo("--stopWhenDrained", options.getStopWhenDrained());
      SessionRules rules = rules(options, zone);
      Engine engine = engine(options.getEngine());
      Duration rewind = rewind(options.getRewind(), start);
      InetSocketAddress metrics = metrics(options);
      FileNames files = files(options, engine);
      InputFormat format = FormatSettings.read(options, files != null, problems);
      Privacy privacy = PrivacySettings.read(options, format, problems);
      if (privacy.hasPseudonyms()) {
        projected.put(
            PrivacySettings.FIELD + "=" + options.getPrivateField(),
            List.of(privacy.privateField()));
      }
      InputFormat inputFormat =
          FormatSettings.withProjected(
              privacy.visits() == PrivateVisits.EXCLUDE
                  ? format.withExcluded(privacy.isPrivate())
                  : format,
              projected,
              files != null,
              problems);
      if (!deduplicate) {
        if (options.getEventIdField() != null) {
          problems.add(
              "--eventIdField=%s: needs --deduplicate".formatted(options.getEventIdField()));
        }
        inputFormat = inputFormat.withoutEventId();
      }
      Instant seam = seam(options.getSeam(), files);
      String openVisits = openVisits(options.getOpenVisits(), files, seam, engine, start);
      requireNoProblems();
      SessionPolicy policy =
          new SessionPolicy(
              gap,
              lateness,
              longest,
              maxPages,
              maxBytes - attributeBytes - privacy.bytes(),
              deduplicate,
              rules);
      if (rewind != null && rewind.compareTo(policy.shortestRewind(disorder)) < 0) {
        problems.add(
            "--rewind=%s: must be %s (%s) or more, so that no session is cut off"
                .formatted(
                    options.getRewind(),
                    Durations.format(policy.shortestRewind(disorder)),
                    SHORTEST_REWIND));
      }
      requireNoProblems();
      return new Settings(
          servers,
          topics,
          policy,
          engine,
          disorder,
          idle,
          skew,
          inputFormat,
          privacy,
          attributes,
          maxRecordBytes,
          zone,
          start,
          rewind,
          usesForeignGroup,
          stopWhenDrained,
          consumerConfig(options.getConsumerConfig(), topics),
          config(options.getProducerConfig()),
          metrics,
          files,
          seam,
          openVisits);
    }

    private void requireNoProblems() throws BadFlagsException {
      if (!problems.isEmpty()) {
        throw new BadFlagsException(problems);
      }
    }

    // Beam reads the word null as none, even where there is a default.

    private int count(String flag, @Nullable Integer count) {
      if (count == null || count < 1) {
        problems.add(flag + "=" + count + ": must be 1 or more");
        return 1;
      }
      return count;
    }

    /** Reads the most bytes of a record, of which attributes may take some. */
    private int maxSessionBytes(@Nullable Integer bytes, int ofAttributes) {
      int least = SessionPolicy.LEAST_BYTES + ofAttributes;
      if (bytes == null || bytes < least || bytes > MOST_BYTES) {
        problems.add(
            "%s=%s: must be %s to %s%s"
                .formatted(
                    MAX_SESSION_BYTES,
                    bytes,
                    least,
                    MOST_BYTES,
                    ofAttributes == 0
                        ? ""
                        : "; attributes may take %s of them".formatted(ofAttributes)));
        return least;
      }
      return bytes;
    }

    private boolean yesOrNo(String flag, @Nullable Boolean value) {
      if (value == null) {
        problems.add(flag + "=null: must be true or false");
        return false;
      }
      return value;
    }

    private SessionRules rules(SessionizationOptions options, ZoneId zone) {
      List<VisitField> splitOn =
          FlagValues.of(options.getSplitOn()).stream()
              .flatMap(text -> field(SPLIT_ON + "=" + text, text).stream())
              .distinct()
              .toList();
      List<FieldValue> endOn =
          FlagValues.of(options.getEndOn()).stream()
              .flatMap(text -> end(text).stream())
              .distinct()
              .toList();
      boolean splitsAtMidnight = yesOrNo(SPLIT_AT_MIDNIGHT, options.getSplitAtMidnight());
      return new SessionRules(splitOn, endOn, splitsAtMidnight ? zone : null);
    }

    private Optional<FieldValue> end(String text) {
      String flag = END_ON + "=" + text;
      int equals = FieldExpression.end(text);
      if (equals < 0) {
        problems.add(flag + ": must be FIELD=VALUE, for example page=/checkout");
        return Optional.empty();
      }
      String value = text.substring(equals + 1);
      if (value.length() > SessionRules.MAX_VALUE_CHARACTERS) {
        problems.add(
            "%s: a value must have %s characters at most, not %s"
                .formatted(
                    END_ON + "=" + text.substring(0, equals + 1) + "...",
                    SessionRules.MAX_VALUE_CHARACTERS,
                    value.length()));
        return Optional.empty();
      }
      return field(flag, text.substring(0, equals)).map(field -> new FieldValue(field, value));
    }

    private Optional<VisitField> field(String flag, String text) {
      String name = text.strip();
      if (name.length() > SessionRules.MAX_FIELD_CHARACTERS) {
        problems.add(
            "%s...: a field must have %s characters at most, not %s"
                .formatted(
                    flag.substring(0, flag.indexOf('=') + 1),
                    SessionRules.MAX_FIELD_CHARACTERS,
                    name.length()));
        return Optional.empty();
      }
      try {
        ProjectedField ofRule = ProjectedField.parse(name);
        VisitField field = VisitField.named(ofRule.text());
        if (field.isProjected()) {
          projected.put(flag, List.of(ofRule));
        }
        return Optional.of(field);
      } catch (SyntaxException e) {
        problems.add("%s: the field '%s': %s".formatted(flag, name, e.getMessage()));
        return Optional.empty();
      }
    }

    private @Nullable Duration rewind(@Nullable String text, StartFrom start) {
      if (text == null) {
        return null;
      }
      if (start.position() != StartFrom.Position.COMMITTED) {
        problems.add("--rewind=" + text + ": needs --startFrom=committed");
      }
      return duration("--rewind", text, 1);
    }

    private Engine engine(@Nullable String name) {
      if (name == null) {
        return usualEngine;
      }
      for (Engine engine : Engine.values()) {
        if (engine.flagValue().equals(name)) {
          return engine;
        }
      }
      problems.add("--engine=" + name + ": must be windows or stateful");
      return usualEngine;
    }

    private @Nullable FileNames files(SessionizationOptions options, Engine engine) {
      List<String> input = FlagValues.of(options.getInput());
      String output = options.getOutput();
      String deadLetters = options.getDeadLetters();
      if (input.isEmpty()) {
        if (output != null) {
          problems.add("--output=" + output + ": needs --input; visits of a topic go to topics");
        }
        if (deadLetters != null) {
          problems.add("--deadLetters=" + deadLetters + ": needs --input and --output=-");
        }
        return null;
      }
      FileNames files = new FileNames(input, output, outputFormat(options, output), deadLetters);
      if (files.readsStandardInput() && input.size() > 1) {
        problems.add("--input=-: the standard input is read alone; name no other file");
      }
      if (deadLetters != null && !files.writesStandardOutput()) {
        String where = files.showsDeadLetters();
        problems.add(
            "--deadLetters=%s: is for --output=-; here they are %s"
                .formatted(
                    deadLetters,
                    where == null ? "on topic " + options.getDeadLettersTopic() : "in " + where));
      }
      if (engine == Engine.WINDOWS) {
        problems.add("--engine=windows: not with --input; omit it");
      }
      return files;
    }

    private @Nullable Instant seam(@Nullable String text, @Nullable FileNames files) {
      if (text == null) {
        return null;
      }
      if (files == null) {
        problems.add(
            "--seam=" + text + ": needs --input; a job on a topic has it of --openVisits=DIR");
      }
      Instant seam =
          value(
              "--seam",
              text,
              "a time such as 2024-01-01T00:00:00Z",
              time -> OffsetDateTime.parse(time).toInstant(),
              Instant.EPOCH);
      if (!seam.truncatedTo(ChronoUnit.MILLIS).equals(seam)) {
        problems.add("--seam=" + text + ": must be whole milliseconds");
      }
      return seam;
    }

    /** Returns the folder of the open visits; a job that writes a folder has no other for them. */
    private @Nullable String openVisits(
        @Nullable String folder,
        @Nullable FileNames files,
        @Nullable Instant seam,
        Engine engine,
        StartFrom start) {
      if (files == null) {
        if (folder != null && engine == Engine.WINDOWS) {
          problems.add("--openVisits=" + folder + ": needs --engine=stateful");
        }
        if (folder != null && start.position() == StartFrom.Position.LATEST) {
          problems.add(
              "--startFrom=latest: not with --openVisits; visits from the seam on would be missing");
        }
        return folder;
      }
      String output = files.writesStandardOutput() ? null : files.output();
      if (folder != null && seam == null) {
        problems.add("--openVisits=" + folder + ": needs --seam with --input");
      } else if (folder != null && output != null) {
        problems.add("--openVisits=%s: here they are in --output=%s".formatted(folder, output));
      } else if (folder == null && output == null && seam != null) {
        problems.add("--seam=" + seam + ": needs --openVisits=DIR, or --output=DIR");
      }
      return seam == null || output == null ? folder : output;
    }

    private OutputFormat outputFormat(SessionizationOptions options, @Nullable String output) {
      String value = String.valueOf(options.getOutputFormat());
      OutputFormat format =
          OutputFormat.of(value)
              .orElseGet(
                  () -> {
                    problems.add("--outputFormat=" + value + ": must be jsonl or parquet");
                    return OutputFormat.JSONL;
                  });
      if (format == OutputFormat.PARQUET && (output == null || output.equals(FileNames.STANDARD))) {
        problems.add("--outputFormat=parquet: needs --output=DIR");
      }
      return format;
    }

    private Map<String, String> consumerConfig(
        @Nullable Map<String, String> given, TopicNames topics) {
      Map<String, String> config = new HashMap<>(config(given));
      config.putIfAbsent(GROUP_ID, usualGroup(topics));
      return Map.copyOf(config);
    }

    private Map<String, String> config(@Nullable Map<String, String> config) {
      return config == null ? Map.of() : Map.copyOf(config);
    }

    private String servers(String servers) {
      for (String server : servers.split(",", -1)) {
        if (!HostAndPort.matches(server.strip())) {
          problems.add(
              "--bootstrapServers=" + servers + ": '" + server + "' is not of the form HOST:PORT");
        }
      }
      return servers;
    }

    private @Nullable InetSocketAddress metrics(SessionizationOptions options) {
      Integer port = options.getMetricsPort();
      String host = options.getMetricsHost();
      if (host == null || host.isBlank()) {
        problems.add("--metricsHost=" + host + ": must be an address of this machine");
        return null;
      }
      if (port == null) {
        return null;
      }
      if (port < 0 || port >= 1 << 16) {
        problems.add("--metricsPort=" + port + ": must be 0 to 65535");
        return null;
      }
      return InetSocketAddress.createUnresolved(host, port);
    }

    private TopicNames topics(SessionizationOptions options) {
      List<String> visits = TopicNames.readVisits(options.getVisitsTopic(), problems);
      Map<String, String> seen = new HashMap<>();
      visits.forEach(name -> seen.put(name, "--visitsTopic"));
      return new TopicNames(
          visits,
          topic("--sessionsTopic", options.getSessionsTopic(), seen),
          topic("--lateVisitsTopic", options.getLateVisitsTopic(), seen),
          topic("--deadLettersTopic", options.getDeadLettersTopic(), seen));
    }

    private String topic(String flag, String name, Map<String, String> seen) {
      if (!TopicNames.isName(name)) {
        problems.add(flag + "=" + name + ": " + TopicNames.EXPECTED);
      } else if (seen.containsKey(name)) {
        problems.add(
            "%s=%s: is used for %s already; every topic needs a name of its own"
                .formatted(flag, name, seen.get(name)));
      } else {
        seen.put(name, flag);
      }
      return name;
    }

    private Duration duration(String flag, String text, long minMillis) {
      Duration least = Duration.ofMillis(minMillis);
      Duration duration = value(flag, text, Durations.EXPECTED, Durations::parse, least);
      if (duration.compareTo(least) < 0 || duration.compareTo(LONGEST) > 0) {
        problems.add(
            "%s=%s: must be from %s to %s (100 years)"
                .formatted(flag, text, Durations.format(least), Durations.format(LONGEST)));
      } else if (!duration.truncatedTo(ChronoUnit.MILLIS).equals(duration)) {
        problems.add(flag + "=" + text + ": must be whole milliseconds");
      }
      return duration;
    }

    private <T> T value(
        String flag, String text, String expected, Function<String, T> parse, T substitute) {
      try {
        return parse.apply(text);
      } catch (DateTimeException e) {
        problems.add(flag + "=" + text + ": must be " + expected);
        return substitute;
      }
    }
  }
}
