package io.sessionizer.kafka;

import io.sessionizer.config.Settings;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.Provenance;
import java.util.Arrays;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes dead letters: key and value as they were, and the reason and the position in the headers.
 *
 * <p>A value that the topic does not take would stop the job for ever. It is cut to what the topic
 * takes, and the header {@code original.bytes} says how long it was.
 */
public final class WriteDeadLetters extends PTransform<PCollection<DeadLetter>, PDone> {
  private static final long serialVersionUID = 1L;

  /** Room for the headers, the key and Kafka's own part of a record batch, in bytes. */
  public static final int OVERHEAD_BYTES = 16 << 10;

  private final transient Settings settings;
  private final int maxMessageBytes;

  private WriteDeadLetters(Settings settings, int maxMessageBytes) {
    this.settings = settings;
    this.maxMessageBytes = maxMessageBytes;
  }

  /**
   * Writes as {@code settings} say.
   *
   * @param maxMessageBytes the largest record that the topic takes, its {@code max.message.bytes}
   */
  public static WriteDeadLetters with(Settings settings, int maxMessageBytes) {
    return new WriteDeadLetters(settings, maxMessageBytes);
  }

  @Override
  public PDone expand(PCollection<DeadLetter> letters) {
    String topic = settings.topics().deadLetters();
    int sent = WriteRecords.maxRequestBytes(settings.producerConfig());
    int room = Math.min(maxMessageBytes, sent) - OVERHEAD_BYTES;
    return letters
        .apply(
            "FormatDeadLetters",
            ParDo.of(new FormatDeadLetterFn(topic, Math.max(0, room), settings.showsDeadLetters())))
        .setCoder(WriteRecords.CODER)
        .apply("WriteRecords", new WriteRecords(settings, topic, Delivery.AT_ONCE, Map.of()));
  }

  private static final class FormatDeadLetterFn
      extends DoFn<DeadLetter, ProducerRecord<byte[], byte[]>> {
    private static final long serialVersionUID = 1L;
    private final String topic;
    private final int room;
    private final String command;
    private transient RejectionLog log;

    FormatDeadLetterFn(String topic, int room, String command) {
      this.topic = topic;
      this.room = room;
      this.command = command;
    }

    @StartBundle
    public void startBundle() {
      log = RejectionLog.of(command);
    }

    @FinishBundle
    public void finishBundle() {
      log.logIfDue();
    }

    @ProcessElement
    public void format(
        @Element DeadLetter letter, OutputReceiver<ProducerRecord<byte[], byte[]>> out) {
      log.add(letter);
      Provenance provenance = letter.provenance();
      Headers headers =
          new Headers()
              .add("error.reason", letter.reason())
              .add("error.message", letter.message())
              .add("source.topic", provenance.position().topic())
              .add("source.partition", provenance.position().partition())
              .add("source.offset", provenance.position().offset())
              .add("source.timestamp", provenance.timestampMillis());
      byte[] key = cut("original.key.bytes", letter.key(), room, headers);
      byte[] value =
          cut("original.bytes", letter.value(), room - (key == null ? 0 : key.length), headers);
      out.output(new ProducerRecord<>(topic, null, key, value, headers.list()));
    }

    private static byte @Nullable [] cut(
        String header, byte @Nullable [] bytes, int room, Headers headers) {
      if (bytes == null || bytes.length <= room) {
        return bytes;
      }
      headers.add(header, bytes.length);
      return Arrays.copyOf(bytes, room);
    }
  }
}
