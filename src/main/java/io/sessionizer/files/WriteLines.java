package io.sessionizer.files;

import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes elements to files of a folder, which appear complete, at the end, or not at all. */
final class WriteLines<T> extends PTransform<PCollection<T>, PDone> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String name;
  private final LineFormat<T> format;

  /**
   * Writes files.
   *
   * @param name what their names start with
   */
  WriteLines(String folder, String name, LineFormat<T> format) {
    this.folder = folder;
    this.name = name;
    this.format = format;
  }

  @Override
  public PDone expand(PCollection<T> elements) {
    elements.apply(
        "WriteFiles",
        FileIO.<T>write()
            .via(new LineSink<>(format))
            .to(folder)
            .withNaming(FileIO.Write.defaultNaming(name, OutputFolder.SUFFIX)));
    return PDone.in(elements.getPipeline());
  }
}
