package io.sessionizer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.generator.KafkaVisitSink;
import io.sessionizer.records.VisitFormat;
import io.sessionizer.visits.RejectedVisitException;
import io.sessionizer.visits.VisitJson;
import java.io.IOException;
import java.io.PrintWriter;
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
      "A malformed line is written unchanged and without a key: the job rejects it with the reason."
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

  @Spec private CommandSpec spec;

  private long records;
  private long malformed;
  private String firstProblem = "";

  @Override
  public Integer call() throws NotReadyException, IOException {
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
    try {
      return VisitJson.parse(value).visitId().getBytes(UTF_8);
    } catch (RejectedVisitException e) {
      if (malformed++ == 0) {
        firstProblem =
            String.format(
                Locale.ROOT,
                "line %,d: %s (%s)",
                records,
                RecordFormat.printable(e.getMessage()),
                e.reason());
      }
      return null;
    }
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
