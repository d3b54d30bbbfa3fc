package io.sessionizer.files;

import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Writes elements to one file, which appears complete, at the end, or not at all. */
final class WriteFile<T> extends PTransform<PCollection<T>, PDone> {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final LineFormat<T> format;

  WriteFile(String file, LineFormat<T> format) {
    this.file = file;
    this.format = format;
  }

  @Override
  public PDone expand(PCollection<T> elements) {
    ResourceId resource = FileSystems.matchNewResource(file, false);
    String name = String.valueOf(resource.getFilename());
    elements.apply(
        "WriteFile",
        FileIO.<T>write()
            .via(new LineSink<>(format))
            .to(resource.getCurrentDirectory().toString())
            .withNumShards(1)
            .withNaming((window, pane, shards, shard, compression) -> name));
    return PDone.in(elements.getPipeline());
  }
}
