package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.config.NotReadyException;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.TopicRecordJson;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Writes dead letters to files: a line is a record of their topic, as JSON. */
public final class WriteDeadLetterFiles extends PTransform<PCollection<DeadLetter>, PDone> {
  private static final long serialVersionUID = 1L;

  private final PTransform<PCollection<DeadLetter>, PDone> write;

  private WriteDeadLetterFiles(PTransform<PCollection<DeadLetter>, PDone> write) {
    this.write = write;
  }

  /** Writes dead letters to files of a folder. */
  public static WriteDeadLetterFiles toFolder(String folder) {
    return new WriteDeadLetterFiles(
        new WriteToFolder<>(
            folder,
            OutputFolder.DEAD_LETTERS,
            OutputFolder.LINES,
            new LineSink<>(folder, new DeadLetterFormat())));
  }

  /**
   * Writes dead letters to one file of this machine.
   *
   * @param file must not exist; null to count dead letters only
   * @throws NotReadyException if it exists, or cannot be written
   */
  public static WriteDeadLetterFiles toFile(@Nullable String file) throws NotReadyException {
    return new WriteDeadLetterFiles(
        file == null
            ? new Drop()
            : new AppendLines<>(LineFile.create("--deadLetters", file), new DeadLetterFormat()));
  }

  @Override
  public PDone expand(PCollection<DeadLetter> letters) {
    return letters.apply("WriteLines", write);
  }

  private static final class DeadLetterFormat implements LineFormat<DeadLetter> {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] line(DeadLetter letter) {
      ObjectNode json = TopicRecordJson.empty();
      TopicRecordJson.addTo(json, DeadLetterRecord.of(letter, Integer.MAX_VALUE).write());
      return json.toString().getBytes(UTF_8);
    }
  }

  /** The job counts them, by reason. */
  private static final class Drop extends PTransform<PCollection<DeadLetter>, PDone> {
    private static final long serialVersionUID = 1L;

    @Override
    public PDone expand(PCollection<DeadLetter> letters) {
      letters.apply("Drop", ParDo.of(new DropFn()));
      return PDone.in(letters.getPipeline());
    }
  }

  private static final class DropFn extends DoFn<DeadLetter, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void drop() {}
  }
}
