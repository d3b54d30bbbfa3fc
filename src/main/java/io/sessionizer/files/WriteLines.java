package io.sessionizer.files;

import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes elements to files of a folder, which appear complete, at the end, or not at all. */
final class WriteLines<T> extends PTransform<PCollection<T>, PDone> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String prefix;
  private final LineFormat<T> format;

  /**
   * Writes files.
   *
   * @param prefix what their names start with
   */
  WriteLines(String folder, String prefix, LineFormat<T> format) {
    this.folder = folder;
    this.prefix = prefix;
    this.format = format;
  }

  @Override
  public PDone expand(PCollection<T> elements) {
    elements.apply(
        "WriteFiles",
        FileIO.<T>write()
            .via(new LineSink<>(folder, format))
            .to(folder)
            .withNaming(FileIO.Write.defaultNaming(prefix, OutputFolder.SUFFIX)));
    return PDone.in(elements.getPipeline());
  }
}
