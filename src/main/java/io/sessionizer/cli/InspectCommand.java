package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.config.TopicNames;
import io.sessionizer.explain.Line;
import io.sessionizer.inspect.ConfigText;
import io.sessionizer.inspect.FileSample;
import io.sessionizer.inspect.Inspection;
import io.sessionizer.inspect.InspectionReport;
import io.sessionizer.inspect.RecordSample;
import io.sessionizer.inspect.TopicSample;
import io.sessionizer.kafka.admin.TopicCheck;
import io.sessionizer.lines.LocalGlob;
import io.sessionizer.sessions.SessionPolicy;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what is in a topic or in files, and which fields make visits. */
@Command(
    name = "inspect",
    description = {
      "Shows what is in a topic or in files, and how it becomes visits.",
      "Says which shape the records have and which fields, which of these can be the visit id, the event"
          + " time, the user and the page, how long visitors pause, and which sessions that makes. It"
          + " reads the newest records of a topic, or the first lines of files, and writes nothing but"
          + " the configuration that --output names."
    },
    exitCodeList = "4:with --output: no configuration was written, since no record is a visit",
    footer = {
      "./sessionizer inspect --bootstrapServers=kafka:9092 --visitsTopic=events",
      "./sessionizer inspect --input='logs/*.gz' --output=sessionizer.yaml"
    })
final class InspectCommand implements Callable<Integer> {
  private static final String STANDARD = "-";

  /** The exit code if there is no configuration to write. */
  private static final int NOTHING_WRITTEN = 4;

  /** The total of a progress bar that has none. */
  private static final long UNKNOWN = -1;

  /** The rules of a session but for its gap do not matter here. */
  private static final SessionPolicy POLICY =
      SessionPolicy.of(Inspection.DEFAULT_GAP, Duration.ZERO);

  private static final List<String> OF_TOPICS =
      List.of("--bootstrapServers", "--visitsTopic", "--clientConfig");

  @Mixin private KafkaClientFlags kafka;

  @Option(
      names = "--visitsTopic",
      paramLabel = "TOPIC",
      defaultValue = "visits",
      description = "topic to read. Several are separated by commas [${DEFAULT-VALUE}]")
  private List<String> visitsTopics = new ArrayList<>();

  @Option(
      names = "--input",
      paramLabel = "GLOB",
      description =
          "read files of this machine instead of a topic, compressed or not; - for standard input. May be"
              + " repeated")
  private List<String> input = new ArrayList<>();

  @Option(
      names = "--last",
      paramLabel = "COUNT",
      defaultValue = "100000",
      description = "how many records to read, the newest ones of a topic [${DEFAULT-VALUE}]")
  private int last;

  @Option(names = "--hideValues", description = "show no value of a record")
  private boolean hideValues;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "file to write for 'run --config'; - for standard output. A file that exists is kept")
  private @Nullable String output;

  @Spec private CommandSpec spec;

  private List<String> topics = List.of();

  @Override
  public Integer call() throws BadFlagsException, NotReadyException {
    requireValid();
    if (output != null && !output.equals(STANDARD) && Files.exists(Path.of(output))) {
      throw exists(output);
    }
    Inspection inspection = Inspection.of(input.isEmpty() ? topic() : files(), POLICY);
    boolean writesConfig = STANDARD.equals(output);
    print(inspection, writesConfig ? System.err : System.out, writesConfig);
    if (output != null) {
      return writeConfig(inspection, output) ? SessionizationJob.DONE : NOTHING_WRITTEN;
    } else if (inspection.makesVisits()) {
      System.err.println();
      System.err.println(
          "Next: this with --output=sessionizer.yaml, then ./sessionizer run --config=sessionizer.yaml");
    }
    return SessionizationJob.DONE;
  }

  private void requireValid() throws BadFlagsException {
    List<String> problems = new ArrayList<>();
    topics = TopicNames.readVisits(String.join(",", visitsTopics), problems);
    if (last < 1) {
      problems.add("--last=" + last + ": must be 1 or more");
    }
    if (!input.isEmpty()) {
      OF_TOPICS.stream()
          .filter(flag -> spec.commandLine().getParseResult().hasMatchedOption(flag))
          .forEach(flag -> problems.add(flag + ": not with --input; omit one of them"));
    }
    if (input.contains(STANDARD) && input.size() > 1) {
      problems.add("--input=-: the standard input is read alone; name no other file");
    }
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
  }

  private void print(Inspection inspection, PrintStream to, boolean isError) {
    Terminal terminal = isError ? Terminal.STDERR : Terminal.STDOUT;
    Ansi ansi = terminal.ansi();
    int columns = terminal.isTerminal() ? Terminal.columns() : PIPE_COLUMNS;
    for (Line line : InspectionReport.lines(inspection, hideValues, columns)) {
      to.println(StyledLine.text(line, ansi));
    }
  }

  private static final int PIPE_COLUMNS = 100;

  private RecordSample topic() throws NotReadyException {
    TopicCheck check = kafka.requireVisits(topics);
    try (KafkaConsumer<byte[], byte[]> consumer = check.consumer()) {
      TopicSample source = new TopicSample(topics, last, consumer);
      try (StatusLine line = StatusLine.open();
          ProgressBar bar =
              line.bar("inspect", source.size()).setUnit(" records", 1).showSpeed().build()) {
        return source.read(bar::stepTo);
      }
    } catch (KafkaException e) {
      throw new NotReadyException("Kafka at " + kafka.servers() + ": " + e.getMessage());
    }
  }

  private RecordSample files() throws NotReadyException {
    boolean readsInput = input.contains(STANDARD);
    String name = readsInput ? "standard input" : String.join(", ", input);
    List<Path> files = readsInput ? List.of() : matching();
    try (StatusLine line = StatusLine.open();
        ProgressBar bar = line.bar("inspect", UNKNOWN).setUnit(" lines", 1).showSpeed().build()) {
      FileSample reader = new FileSample(name, last, bar::stepTo);
      return readsInput ? reader.read(new FileInputStream(FileDescriptor.in)) : reader.read(files);
    } catch (IOException e) {
      throw new NotReadyException(String.valueOf(e.getMessage()));
    }
  }

  private List<Path> matching() throws NotReadyException {
    TreeSet<Path> files = new TreeSet<>();
    List<String> problems = new ArrayList<>();
    for (String glob : input) {
      try {
        List<Path> matched = LocalGlob.files(glob);
        files.addAll(matched);
        if (matched.isEmpty()) {
          boolean isFolder = Files.isDirectory(Path.of(glob));
          problems.add(
              "--input=%s: matches no file of this machine%s"
                  .formatted(
                      glob,
                      isFolder
                          ? "; for those in the folder, name " + glob.replaceFirst("/+$", "") + "/*"
                          : ""));
        }
      } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
        problems.add("--input=%s: %s".formatted(glob, e.getMessage()));
      }
    }
    if (!problems.isEmpty()) {
      throw new NotReadyException(problems);
    }
    return List.copyOf(files);
  }

  /** Writes the configuration of a job; false if no record is a visit. */
  private boolean writeConfig(Inspection inspection, String to) throws NotReadyException {
    if (!inspection.makesVisits()) {
      System.err.println(
          "sessionizer: no configuration written: no record has both a visit id and an event time");
      return false;
    }
    List<String> comments = new ArrayList<>();
    String config = ConfigText.of(inspection, source(comments), comments, hideValues);
    if (to.equals(STANDARD)) {
      System.out.print(config);
      System.out.flush();
      return true;
    }
    try {
      Files.writeString(Path.of(to), config, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw exists(to);
    } catch (NoSuchFileException e) {
      throw new NotReadyException("cannot write " + to + ": no such folder");
    } catch (AccessDeniedException e) {
      throw new NotReadyException("cannot write " + to + ": permission denied");
    } catch (IOException e) {
      throw new NotReadyException("cannot write " + to + ": " + e.getMessage());
    }
    System.err.println();
    System.err.println("%s written. Next: ./sessionizer run --config=%s".formatted(to, to));
    return true;
  }

  private static NotReadyException exists(String file) {
    return new NotReadyException(
        "--output=%s: exists already; name another file, or delete it".formatted(file));
  }

  /** Returns where a job reads the records, by its flags, and adds what these cannot say. */
  private Map<String, List<String>> source(List<String> comments) {
    Map<String, List<String>> flags = new LinkedHashMap<>();
    if (!input.isEmpty()) {
      flags.put("input", input);
      flags.put("output", List.of(input.contains(STANDARD) ? STANDARD : "sessions"));
      comments.add("Without output, sessions are written to topics in Kafka.");
      return flags;
    }
    flags.put("bootstrapServers", List.of(kafka.servers()));
    flags.put("visitsTopic", topics);
    List<String> files = new ArrayList<>();
    for (String config : clientConfigs()) {
      int equals = config.indexOf('=');
      if (equals > 0) {
        comments.add(
            "%s of --clientConfig may be a secret: put it into consumerConfig and producerConfig."
                .formatted(config.substring(0, equals)));
      } else {
        files.add(config);
      }
    }
    if (!files.isEmpty()) {
      flags.put("consumerConfig", files);
      flags.put("producerConfig", files);
    }
    return flags;
  }

  private List<String> clientConfigs() {
    OptionSpec option = spec.commandLine().getParseResult().matchedOption("--clientConfig");
    return option == null ? List.of() : option.originalStringValues();
  }
}
