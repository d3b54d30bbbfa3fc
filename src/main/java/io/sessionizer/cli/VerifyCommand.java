package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.cli.FileFlags.JobPlaces;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.ShellWord;
import io.sessionizer.config.TopicNames;
import io.sessionizer.files.WrittenFolder;
import io.sessionizer.kafka.ProvidedPseudonymKey;
import io.sessionizer.kafka.admin.IgnoredSettings;
import io.sessionizer.kafka.admin.TopicCheck;
import io.sessionizer.launch.Flags;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.VisitField;
import io.sessionizer.verify.Difference;
import io.sessionizer.verify.Difference.Kind;
import io.sessionizer.verify.JoinedSource;
import io.sessionizer.verify.JsonLineFiles;
import io.sessionizer.verify.ParquetFiles;
import io.sessionizer.verify.RecordSource;
import io.sessionizer.verify.SeamRule;
import io.sessionizer.verify.TopicSource;
import io.sessionizer.verify.Verdict;
import io.sessionizer.verify.Verification;
import io.sessionizer.verify.Verification.Sources;
import io.sessionizer.verify.VerifyRules;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.common.KafkaException;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Verifies that every visit is in exactly one place, and that every session is right. */
@Command(
    name = "verify",
    description = {
      "Verifies the output of a job against its input.",
      "Checks that every visit is in exactly one place and that every session is right, and prints the"
          + " SHA-256 hash of the final table; else each difference, with its position and the command"
          + " that explains it. Needs the flags that the job runs with. Reads the topics up to their"
          + " current ends, or files, and writes nothing but temporary files. Every flag of"
          + " 'sessionizer run' is accepted."
    },
    exitCodeList = "5:there are differences, or out of memory",
    footer = {
      "./sessionizer verify",
      "./sessionizer verify --since=2024-01-01T00:00:00Z --until=2024-02-01T00:00:00Z",
      "./sessionizer verify --input='visits/*.jsonl.gz' --sessions=out"
    })
final class VerifyCommand implements Callable<Integer> {
  static final int DIFFERENCES = 5;

  /** For how long a job may not have finished with a record: longer than between checkpoints. */
  private static final long RECENT_MILLIS = 30_000;

  /** How many differences of a kind are printed. */
  private static final long MOST_PRINTED = 100;

  @Mixin private FileFlags files;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "verify sessions that start at this time or later")
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "verify sessions that start before this time")
  private @Nullable String until;

  @Mixin private ConfigFlag config;

  @Unmatched private List<String> jobFlags = new ArrayList<>();

  /** How many differences there are of each kind; only the first ones are printed. */
  private final Map<Kind, Long> differences = new EnumMap<>(Kind.class);

  /** The visit id of the last difference: several in a row have one command. */
  private @Nullable String explained;

  @Override
  public Integer call() throws BadFlagsException, NotReadyException, IOException {
    List<String> problems = new ArrayList<>();
    Long sinceMillis = millis("--since", since, problems);
    Long untilMillis = millis("--until", until, problems);
    if (sinceMillis != null && untilMillis != null && sinceMillis >= untilMillis) {
      problems.add("--until=%s: must be after --since=%s".formatted(until, since));
    }
    Settings settings;
    try {
      settings = Flags.parse(config.before(jobFlags).toArray(String[]::new)).settings();
    } catch (BadFlagsException e) {
      problems.addAll(e.problems());
      throw new BadFlagsException(problems);
    }
    JobPlaces places = files.places(settings, problems);
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    WrittenFolder folder = places.sessionFiles(settings);
    WrittenFolder open = places.openFiles(settings);
    VerifyRules rules = rules(settings, seam(folder, open), sinceMillis, untilMillis);
    List<RecordSource> opened = new ArrayList<>();
    try {
      Instant startedAt = Instant.now();
      Sources sources = open(settings, places, folder, open, startedAt, opened);
      Verdict verdict = verify(rules, sources, startedAt);
      return verdict.differences() == 0 ? SessionizationJob.DONE : DIFFERENCES;
    } catch (KafkaException e) {
      throw new NotReadyException(
          "Kafka at " + settings.bootstrapServers() + ": " + e.getMessage());
    } finally {
      opened.forEach(RecordSource::close);
    }
  }

  private static @Nullable SeamRule seam(
      @Nullable WrittenFolder folder, @Nullable WrittenFolder open) throws NotReadyException {
    Instant ofFolder = folder == null ? null : folder.seam();
    Instant ofOpen = open == null ? null : open.seam();
    if (ofOpen == null) {
      return ofFolder == null ? null : new SeamRule(ofFolder.toEpochMilli(), true);
    }
    if (folder != null && !ofOpen.equals(ofFolder)) {
      throw new NotReadyException(
          "the seam of --sessions is %s, and that of --openVisits is %s"
              .formatted(ofFolder, ofOpen));
    }
    return new SeamRule(ofOpen.toEpochMilli(), false);
  }

  private Verdict verify(VerifyRules rules, Sources sources, Instant startedAt) throws IOException {
    Verification verification =
        new Verification(rules, sources, startedAt.toEpochMilli(), this::print);
    // The process lives on until the temporary files are deleted.
    try (StopOnInterrupt interrupt = new StopOnInterrupt(verification::stop);
        verification;
        StatusLine line = StatusLine.open();
        ProgressBar bar =
            line.bar("verify", verification.size()).setUnit(" records", 1).showSpeed().build()) {
      Verdict verdict = verification.run(bar::stepTo);
      bar.stepTo(verification.size());
      printCounts();
      if (!interrupt.interrupted()) {
        verdict.summary(rules, sources, startedAt).forEach(System.out::println);
      }
      return verdict;
    }
  }

  private void print(Difference difference) {
    if (differences.merge(difference.kind(), 1L, Long::sum) > MOST_PRINTED) {
      return;
    }
    System.out.println(PrintedRecord.printable(difference.toString()));
    String visitId = difference.visitId();
    if (visitId != null && !visitId.equals(explained)) {
      explained = visitId;
      System.out.println("  " + PrintedRecord.printable(explains(visitId)));
    }
  }

  private void printCounts() {
    differences.forEach(
        (kind, count) -> {
          if (count > MOST_PRINTED) {
            System.out.printf(Locale.ROOT, "%s: %,d more%n", kind, count - MOST_PRINTED);
          }
        });
  }

  private String explains(String visitId) {
    List<String> words = new ArrayList<>(List.of("./sessionizer", "explain"));
    words.addAll(files.given());
    config.before(jobFlags).forEach(flag -> words.add(ShellWord.of(flag)));
    if (visitId.startsWith("--")) {
      words.add("--");
    }
    words.add(ShellWord.of(visitId));
    return String.join(" ", words);
  }

  private static @Nullable Long millis(String flag, @Nullable String time, List<String> problems) {
    try {
      return time == null ? null : OffsetDateTime.parse(time).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      problems.add(flag + "=" + time + ": must be a time such as 2024-01-01T00:00:00Z");
      return null;
    }
  }

  private static VerifyRules rules(
      Settings settings,
      @Nullable SeamRule seam,
      @Nullable Long sinceMillis,
      @Nullable Long untilMillis) {
    SessionPolicy policy = settings.policy();
    return new VerifyRules(
        policy.gap().toMillis(),
        policy.allowedLateness().toMillis(),
        settings.maxOutOfOrderness().toMillis(),
        policy.maxDuration().toMillis(),
        policy.maxPages(),
        policy.maxBytes(),
        policy.deduplicate(),
        policy.rules().splitOn().stream().map(VisitField::fieldName).toList(),
        policy.rules().endOn().stream()
            .map(end -> new VerifyRules.EndValue(end.field().fieldName(), end.value()))
            .toList(),
        policy.rules().midnightIn() != null,
        settings.engine() == Engine.WINDOWS,
        settings.inputFormat(),
        settings.sessionAttributes(SkippedValues.UNCOUNTED),
        ProvidedPseudonymKey.pseudonyms(settings),
        settings.maxRecordBytes(),
        settings.timeZone(),
        seam,
        sinceMillis,
        untilMillis);
  }

  /** Opens the sources, the visits first, so that their results are read further than they are. */
  private static Sources open(
      Settings settings,
      JobPlaces places,
      @Nullable WrittenFolder folder,
      @Nullable WrittenFolder open,
      Instant startedAt,
      List<RecordSource> opened)
      throws NotReadyException, IOException {
    JobTopics topics = new JobTopics(settings, places, startedAt.toEpochMilli(), opened);
    RecordSource visits =
        joined(
            places.input().isEmpty()
                ? null
                : JsonLineFiles.ofVisits(places.inputFiles(), settings.maxRecordBytes()),
            topics.visits());
    return new Sources(
        visits,
        joined(folder == null ? null : sessions(folder, settings), topics.sessions()),
        topics.lateVisits(),
        joined(
            folder == null ? null : JsonLineFiles.ofDeadLetters(folder.deadLetters()),
            topics.deadLetters()),
        open == null || !places.input().isEmpty()
            ? null
            : JsonLineFiles.ofOpenVisits(open.openVisits()),
        folder == null || folder.seam() == null || open != null
            ? null
            : JsonLineFiles.ofOpenVisits(folder.openVisits()));
  }

  private static RecordSource sessions(WrittenFolder folder, Settings settings) throws IOException {
    return folder.areParquet()
        ? new ParquetFiles(folder.sessions(), settings.timeZone())
        : JsonLineFiles.ofSessions(folder.sessions());
  }

  private static RecordSource joined(
      @Nullable RecordSource inFiles, @Nullable RecordSource onTopic) {
    if (inFiles == null || onTopic == null) {
      return Objects.requireNonNull(inFiles == null ? onTopic : inFiles, "one of them is there");
    }
    return new JoinedSource(inFiles, onTopic);
  }

  /** The topics of a job, as far as they are read. */
  private static final class JobTopics {
    private final TopicNames names;
    private final JobPlaces places;
    private final long recentFrom;
    private final List<RecordSource> opened;
    private final List<String> missing;
    private final @Nullable TopicCheck check;

    JobTopics(Settings settings, JobPlaces places, long startedAtMillis, List<RecordSource> opened)
        throws NotReadyException {
      this.names = settings.topics();
      this.places = places;
      this.recentFrom = startedAtMillis - RECENT_MILLIS;
      this.opened = opened;
      List<String> topics = new ArrayList<>();
      if (places.areVisitsOnTopic()) {
        topics.addAll(names.visits());
      }
      if (places.areSessionsOnTopic()) {
        topics.addAll(List.of(names.sessions(), names.lateVisits(), names.deadLetters()));
      }
      if (topics.isEmpty()) {
        this.check = null;
        this.missing = List.of();
        return;
      }
      IgnoredSettings.warn(
          "--consumerConfig", settings.consumerConfig(), settings.bootstrapServers());
      this.check =
          new TopicCheck(
              settings.bootstrapServers(), settings.consumerConfig(), "--consumerConfig");
      this.missing = check.missing(topics);
      // The windows engine writes no late visits.
      check.requireNone(
          missing.stream().filter(name -> !name.equals(names.lateVisits())).toList(), names);
    }

    @Nullable RecordSource visits() throws NotReadyException {
      return places.areVisitsOnTopic() ? source(names.visits()) : null;
    }

    @Nullable RecordSource sessions() throws NotReadyException {
      return places.areSessionsOnTopic() ? source(List.of(names.sessions())) : null;
    }

    @Nullable RecordSource lateVisits() throws NotReadyException {
      return places.areSessionsOnTopic() ? source(List.of(names.lateVisits())) : null;
    }

    @Nullable RecordSource deadLetters() throws NotReadyException {
      return places.areSessionsOnTopic() ? source(List.of(names.deadLetters())) : null;
    }

    private @Nullable RecordSource source(List<String> topics) throws NotReadyException {
      if (check == null || missing.containsAll(topics)) {
        return null;
      }
      RecordSource source = new TopicSource(topics, check.consumer(), recentFrom);
      opened.add(source);
      return source;
    }
  }
}
