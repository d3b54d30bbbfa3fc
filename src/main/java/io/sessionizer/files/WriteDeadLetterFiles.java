package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.config.FileNames;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.TopicRecordJson;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes dead letters to files: a line is a record of their topic, as JSON. */
public final class WriteDeadLetterFiles extends PTransform<PCollection<DeadLetter>, PDone> {
  private static final long serialVersionUID = 1L;

  private final transient FileNames files;

  /** Writes dead letters into the folder, or to the file for them, if there is one. */
  public WriteDeadLetterFiles(FileNames files) {
    this.files = files;
  }

  @Override
  public PDone expand(PCollection<DeadLetter> letters) {
    LineFormat<DeadLetter> format = new DeadLetterFormat();
    if (!files.writesStandardOutput()) {
      return letters.apply(
          "WriteLines", new WriteLines<>(files.output(), OutputFolder.DEAD_LETTERS, format));
    }
    String file = files.deadLetters();
    return letters.apply("WriteLines", file == null ? new Drop() : new WriteFile<>(file, format));
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
