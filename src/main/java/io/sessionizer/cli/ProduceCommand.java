package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.formats.FormatFile;
import io.sessionizer.formats.InputFormat;
import io.sessionizer.generator.KafkaVisitSink;
import io.sessionizer.records.VisitFormat;
import io.sessionizer.visits.LeftOut;
import io.sessionizer.visits.ParsedRecord;
import io.sessionizer.visits.Rejection;
import io.sessionizer.visits.Visit;
import io.sessionizer.visits.VisitParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.checkerframework.checker.nullness.qual.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes lines of JSON to a topic, one record per line. */
@Command(
    name = "produce",
    description = {
      "Writes your own visits to a Kafka topic.",
      "Each line of a file, or of the standard input, is a record; its key is the visit id.",
      "A malformed line is written unchanged and without a key: the job rejects it with the reason. A"
          + " line that the format's condition filters has its visit id as the key, if it has one."
    },
    footer = {
      "./sessionizer produce --input=visits.jsonl",
      "jq -c '{"
          + VisitFormat.VISIT_ID
          + ": .id, "
          + VisitFormat.EVENT_TIME
          + ": .at, page}' f.jsonl | ./sessionizer produce"
    })
final class ProduceCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  /** The total of a progress bar that has none. */
  private static final long UNKNOWN = -1;

  /** Whether a time is in the future is decided by the job. */
  private static final Duration ANY_SKEW = Duration.ofDays(10_000_000);

  private static final String ONE_OBJECT_PER_LINE =
      " The input must have one JSON object per line: jq -c '.[]' splits an array.";

  @Mixin private KafkaClientFlags kafka;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      defaultValue = "visits",
      description = "the topic [${DEFAULT-VALUE}]")
  private String topic;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      defaultValue = LineInput.STANDARD_INPUT,
      description = "the file with the lines; - for standard input [${DEFAULT-VALUE}]")
  private String input;

  @Option(
      names = "--visitFormat",
      paramLabel = "NAME",
      description = {
        "format of the visits, for their keys. It is a name, or a YAML file, which has a '/' or ends"
            + " in .yaml [reference]"
      })
  private @Nullable String visitFormat;

  @Spec private CommandSpec spec;

  private VisitParser parser = parser(InputFormat.DEFAULT);

  private long records;
  private long filtered;
  private long malformed;
  private String firstProblem = "";

  @Override
  public Integer call() throws BadFlagsException, NotReadyException, IOException {
    List<String> problems = new ArrayList<>();
    KafkaClientFlags.checkOneTopic(topic, problems);
    if (visitFormat != null) {
      parser = parser(FormatFile.read(visitFormat, problems).inputFormat(problems));
    }
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    try (LineInput lines = LineInput.open(input);
        KafkaVisitSink sink = kafka.openTopic(topic);
        var interrupt = new StopOnInterrupt(lines::close)) {
      long start = System.nanoTime();
      write(lines, sink);
      report((System.nanoTime() - start) / 1e9);
      return interrupt.interrupted() ? INTERRUPTED : SessionizationJob.DONE;
    }
  }

  private void write(LineInput lines, KafkaVisitSink sink) throws IOException {
    try (StatusLine line = StatusLine.open();
        ProgressBar bar = line.bar("produce", UNKNOWN).setUnit(" records", 1).showSpeed().build()) {
      for (byte[] value = lines.next(); value != null; value = lines.next()) {
        records++;
        sink.write(key(value), value);
        bar.stepTo(records);
      }
      sink.flush();
    } catch (IOException e) {
      throw e.getCause() instanceof RecordTooLargeException
          ? new IOException(e.getMessage() + ONE_OBJECT_PER_LINE, e)
          : e;
    }
  }

  private byte @Nullable [] key(byte[] value) {
    ParsedRecord parsed = parser.parse(value);
    if (parsed instanceof Visit visit) {
      return visit.visitId().getBytes(UTF_8);
    }
    if (parsed instanceof LeftOut) {
      filtered++;
      String visitId = parser.visitId(value, null);
      return visitId == null ? null : visitId.getBytes(UTF_8);
    }
    if (parsed instanceof Rejection rejection && malformed++ == 0) {
      firstProblem =
          String.format(
              Locale.ROOT,
              "line %,d: %s (%s)",
              records,
              PrintedRecord.printable(rejection.message()),
              rejection.reason());
    }
    return null;
  }

  private static VisitParser parser(InputFormat format) {
    return new VisitParser(format, Integer.MAX_VALUE, ANY_SKEW, Clock.systemUTC());
  }

  private void report(double seconds) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        String.format(
            Locale.ROOT,
            "%,d %s written to topic '%s' in %.1f s",
            records,
            records == 1 ? "record" : "records",
            topic,
            seconds));
    if (filtered > 0) {
      err.println(
          String.format(
              Locale.ROOT,
              "%,d of them %s, by the format's condition: the job will filter %s",
              filtered,
              filtered == 1 ? "is not a visit" : "are not visits",
              filtered == 1 ? "it" : "them"));
    }
    if (malformed > 0) {
      err.println(
          String.format(
              Locale.ROOT,
              "%,d malformed: the job will write %s to dead letters. The first is %s",
              malformed,
              malformed == 1 ? "it" : "them",
              firstProblem));
    }
    err.flush();
  }
}
