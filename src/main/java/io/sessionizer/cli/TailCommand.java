package io.sessionizer.cli;

import io.sessionizer.SessionizationJob;
import io.sessionizer.config.BadFlagsException;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.kafka.admin.RecordTail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the records of a topic. */
@Command(
    name = "tail",
    description = {
      "Prints the records of a topic, with key, headers and value.",
      "Runs until Ctrl-C. In a pipe it prints one JSON object per record: partition, offset, key, headers and value"
          + " (value_base64 if the value is neither JSON nor text)."
    },
    footer = {"./sessionizer tail", "./sessionizer tail --topic=dead-letters --noFollow"})
final class TailCommand implements Callable<Integer> {
  @Mixin private KafkaClientFlags kafka;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      defaultValue = "sessions",
      description = "topic to read [${DEFAULT-VALUE}]")
  private String topic;

  @Option(names = "--fromEnd", description = "print new records only")
  private boolean fromEnd;

  @Option(names = "--noFollow", description = "stop at the current end of the topic")
  private boolean noFollow;

  @Override
  public Integer call() throws BadFlagsException, NotReadyException {
    List<String> problems = new ArrayList<>();
    KafkaClientFlags.checkOneTopic(topic, problems);
    if (!problems.isEmpty()) {
      throw new BadFlagsException(problems);
    }
    kafka.requireTopic(topic);
    PrintedRecord format =
        Terminal.STDOUT.isTerminal()
            ? PrintedRecord.pretty(Terminal.STDOUT.ansi())
            : PrintedRecord.json();
    try (RecordTail tail =
        fromEnd
            ? RecordTail.fromEnd(topic, kafka.config())
            : RecordTail.fromBeginning(topic, kafka.config())) {
      if (noFollow) {
        tail.drain(record -> print(format, record));
        return SessionizationJob.DONE;
      }
      while (!System.out.checkError()) { // until a pipe is closed, for example by head
        tail.poll(record -> print(format, record));
      }
      return SessionizationJob.DONE;
    } catch (KafkaException e) {
      throw new NotReadyException("Kafka at " + kafka.servers() + ": " + e.getMessage());
    }
  }

  private static void print(PrintedRecord format, ConsumerRecord<byte[], byte[]> record) {
    System.out.print(format.text(record));
  }
}
