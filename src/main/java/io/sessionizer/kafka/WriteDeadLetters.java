package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.TopicRecord;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes dead letters to their topic. A value that the topic does not accept would stop the job for
 * ever, so it is cut to what the topic accepts. Those that an earlier job has written are not
 * written again.
 */
public final class WriteDeadLetters extends PTransform<PCollection<DeadLetter>, PDone> {
  private static final long serialVersionUID = 1L;

  /** Room for the headers and Kafka's own part of a record batch, in bytes. */
  public static final int OVERHEAD_BYTES = 16 << 10;

  private final transient Settings settings;
  private final int maxMessageBytes;
  private final transient WrittenDeadLetters written;

  private WriteDeadLetters(Settings settings, int maxMessageBytes, WrittenDeadLetters written) {
    this.settings = settings;
    this.maxMessageBytes = maxMessageBytes;
    this.written = written;
  }

  /**
   * Writes as {@code settings} say.
   *
   * @param maxMessageBytes the largest record that the topic accepts, its {@code max.message.bytes}
   * @param written those that are not written again
   */
  public static WriteDeadLetters with(
      Settings settings, int maxMessageBytes, WrittenDeadLetters written) {
    return new WriteDeadLetters(settings, maxMessageBytes, written);
  }

  @Override
  public PDone expand(PCollection<DeadLetter> letters) {
    String topic = settings.topics().deadLetters();
    int room = room(settings, maxMessageBytes);
    return letters
        .apply(
            "FormatDeadLetters",
            ParDo.of(new FormatDeadLetterFn(topic, room, settings.showsDeadLetters(), written)))
        .setCoder(WriteRecords.coder(settings))
        .apply("WriteRecords", new WriteRecords(settings, topic, Delivery.AT_ONCE, Map.of()));
  }

  /** Returns how many bytes of a record as it was read are written, if a topic accepts so many. */
  static int room(Settings settings, int maxMessageBytes) {
    int sent = WriteRecords.maxRequestBytes(settings.producerConfig());
    return Math.max(0, Math.min(maxMessageBytes, sent) - OVERHEAD_BYTES);
  }

  private static final class FormatDeadLetterFn
      extends DoFn<DeadLetter, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;
    private final String topic;
    private final int room;
    private final String command;
    private final WrittenDeadLetters written;
    private transient RejectionLog log;

    FormatDeadLetterFn(String topic, int room, String command, WrittenDeadLetters written) {
      this.topic = topic;
      this.room = room;
      this.command = command;
      this.written = written;
    }

    @StartBundle
    public void startBundle() {
      log = RejectionLog.of(command);
    }

    @FinishBundle
    public void finishBundle() {
      log.logOnceAMinute();
    }

    @ProcessElement
    public void format(
        @Element DeadLetter letter, OutputReceiver<ProducerRecord<byte[], byte[]>> out) {
      if (written.contains(letter.provenance())) {
        return;
      }
      log.add(letter);
      TopicRecord record = DeadLetterRecord.of(letter, room).write();
      out.output(RecordMapping.toProduce(topic, record));
    }
  }
}
