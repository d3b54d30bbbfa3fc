package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.attributes.SkippedValues;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.FileNames;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.Settings;
import io.sessionizer.config.TopicNames;
import io.sessionizer.kafka.ProvidedPseudonymKey;
import io.sessionizer.kafka.admin.IgnoredSettings;
import io.sessionizer.kafka.admin.TopicCheck;
import io.sessionizer.launch.Flags;
import io.sessionizer.lines.LocalGlob;
import io.sessionizer.sessions.Engine;
import io.sessionizer.sessions.SessionPolicy;
import io.sessionizer.sessions.VisitField;
import io.sessionizer.verify.Difference;
import io.sessionizer.verify.Difference.Kind;
import io.sessionizer.verify.JsonLineFiles;
import io.sessionizer.verify.RecordSource;
import io.sessionizer.verify.TopicSource;
import io.sessionizer.verify.Verdict;
import io.sessionizer.verify.Verification;
import io.sessionizer.verify.Verification.Sources;
import io.sessionizer.verify.VerifyRules;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  @Option(
      names = "--input",
      paramLabel = "GLOB",
      description = "read visits from files of this machine, as 'run' does. May be repeated")
  private List<String> input = new ArrayList<>();

  @Option(
      names = "--sessions",
      paramLabel = "DIR",
      description = "read sessions and dead letters from a folder that 'run --output' wrote")
  private @Nullable Path sessions;

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
    if (settings.files() != null) {
      takeFiles(settings.files(), problems);
    }
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    VerifyRules rules = rules(settings, sinceMillis, untilMillis);
    List<RecordSource> opened = new ArrayList<>();
    try {
      Instant startedAt = Instant.now();
      Verdict verdict = verify(rules, open(settings, startedAt, opened), startedAt);
      return verdict.differences() == 0 ? SessionizationJob.DONE : DIFFERENCES;
    } catch (KafkaException e) {
      throw new NotReadyException(
          "Kafka at " + settings.bootstrapServers() + ": " + e.getMessage());
    } finally {
      opened.forEach(RecordSource::close);
    }
  }

  /** Reads the files of the job, where no others are given. */
  private void takeFiles(FileNames files, List<String> problems) {
    if (input.isEmpty()) {
      input = files.input();
      if (files.readsStandardInput()) {
        problems.add("--input=-: cannot be read twice; name the files, or verify the topics");
      }
    }
    if (sessions == null && files.output() != null) {
      sessions = Path.of(files.output());
      if (files.writesStandardOutput()) {
        problems.add("--output=-: its sessions are not kept; have them written to a folder");
      }
    }
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
    if (visitId != null && input.isEmpty() && !visitId.equals(explained)) {
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
    config.before(jobFlags).forEach(flag -> words.add(quoted(flag)));
    if (visitId.startsWith("--")) {
      words.add("--");
    }
    words.add(quoted(visitId));
    return String.join(" ", words);
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
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
      Settings settings, @Nullable Long sinceMillis, @Nullable Long untilMillis) {
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
        sinceMillis,
        untilMillis);
  }

  /** Opens the sources, the visits first, so that their results are read further than they are. */
  private Sources open(Settings settings, Instant startedAt, List<RecordSource> opened)
      throws NotReadyException, IOException {
    TopicNames names = settings.topics();
    List<String> topics = new ArrayList<>();
    if (input.isEmpty()) {
      topics.add(names.visits());
    }
    if (sessions == null) {
      topics.addAll(List.of(names.sessions(), names.lateVisits(), names.deadLetters()));
    }
    List<String> missing = List.of();
    TopicCheck check = null;
    if (!topics.isEmpty()) {
      IgnoredSettings.warn(
          "--consumerConfig", settings.consumerConfig(), settings.bootstrapServers());
      check =
          new TopicCheck(
              settings.bootstrapServers(), settings.consumerConfig(), "--consumerConfig");
      missing = check.missing(topics);
      // The windows engine writes no late visits.
      check.requireNone(
          missing.stream().filter(name -> !name.equals(names.lateVisits())).toList(), names);
    }
    long recentFrom = startedAt.toEpochMilli() - RECENT_MILLIS;
    RecordSource visits =
        input.isEmpty() && check != null
            ? add(opened, new TopicSource(names.visits(), check.consumer(), recentFrom))
            : add(opened, JsonLineFiles.ofVisits(visitFiles(), settings.maxRecordBytes()));
    if (sessions != null || check == null) {
      return new Sources(
          visits,
          add(opened, JsonLineFiles.ofSessions(outputFiles("sessions-*.jsonl"))),
          null,
          add(opened, JsonLineFiles.ofDeadLetters(outputFiles("dead-letters-*.jsonl"))));
    }
    boolean hasLate = !missing.contains(names.lateVisits());
    return new Sources(
        visits,
        add(opened, new TopicSource(names.sessions(), check.consumer(), recentFrom)),
        hasLate
            ? add(opened, new TopicSource(names.lateVisits(), check.consumer(), recentFrom))
            : null,
        add(opened, new TopicSource(names.deadLetters(), check.consumer(), recentFrom)));
  }

  private static RecordSource add(List<RecordSource> opened, RecordSource source) {
    opened.add(source);
    return source;
  }

  private List<Path> visitFiles() throws NotReadyException, IOException {
    List<Path> files = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String glob : input) {
      List<Path> found = LocalGlob.files(glob);
      if (found.isEmpty()) {
        problems.add("--input=" + glob + ": matches no file of this machine");
      }
      files.addAll(found);
    }
    if (!problems.isEmpty()) {
      throw new NotReadyException(problems);
    }
    return files;
  }

  /** Returns the files of a job that is done; one without sessions has a file without lines. */
  private List<Path> outputFiles(String glob) throws NotReadyException, IOException {
    if (sessions == null || !Files.exists(sessions.resolve("_SUCCESS"))) {
      throw new NotReadyException(
          "--sessions=%s: has no file _SUCCESS; name the folder of a job that is done"
              .formatted(sessions));
    }
    if (Files.exists(sessions.resolve("seam.json"))) {
      throw new NotReadyException(
          "--sessions=%s: ends at a seam, and open sessions are not in it; verify the topics"
              .formatted(sessions));
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(sessions, "*.parquet")) {
      if (found.iterator().hasNext()) {
        throw new NotReadyException(
            "--sessions=%s: has Parquet files; verify reads those of --outputFormat=jsonl"
                .formatted(sessions));
      }
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(sessions, glob)) {
      found.forEach(files::add);
    }
    return files;
  }
}
