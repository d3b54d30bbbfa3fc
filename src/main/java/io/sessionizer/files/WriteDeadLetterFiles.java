package io.sessionizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sessionizer.records.DeadLetter;
import io.sessionizer.records.DeadLetterRecord;
import io.sessionizer.records.TopicRecordJson;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes dead letters to files: a line is a record of their topic, as JSON. */
public final class WriteDeadLetterFiles extends PTransform<PCollection<DeadLetter>, PDone> {
  private static final long serialVersionUID = 1L;

  private final String folder;

  /**
   * Writes dead letters.
   *
   * @param folder the folder of the files
   */
  public WriteDeadLetterFiles(String folder) {
    this.folder = folder;
  }

  @Override
  public PDone expand(PCollection<DeadLetter> letters) {
    return letters.apply(
        "WriteLines", new WriteLines<>(folder, OutputFolder.DEAD_LETTERS, new DeadLetterFormat()));
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
}
