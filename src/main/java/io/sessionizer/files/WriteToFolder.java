package io.sessionizer.files;

import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes elements to files of a folder, which appear complete, at the end, or not at all. */
final class WriteToFolder<T> extends PTransform<PCollection<T>, PDone> {
  private static final long serialVersionUID = 1L;

  private final String folder;
  private final String prefix;
  private final String suffix;
  private final FileIO.Sink<T> file;

  /**
   * Writes files.
   *
   * @param prefix what their names start with
   * @param suffix what their names end with
   * @param file writes one of them
   */
  WriteToFolder(String folder, String prefix, String suffix, FileIO.Sink<T> file) {
    this.folder = folder;
    this.prefix = prefix;
    this.suffix = suffix;
    this.file = file;
  }

  @Override
  public PDone expand(PCollection<T> elements) {
    elements.apply(
        "WriteFiles",
        FileIO.<T>write().via(file).to(folder).withNaming(new UniqueNames(prefix, suffix)));
    return PDone.in(elements.getPipeline());
  }
}
