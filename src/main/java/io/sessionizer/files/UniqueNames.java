package io.sessionizer.files;

import java.util.UUID;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileIO.Write.FileNaming;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;

/**
 * Names files, {@code PREFIX-UUID.SUFFIX}. Beam counts the files of a bundle, and names them by
 * these numbers. On Spark they are in several bundles, so that one file would replace another.
 *
 * @param prefix what names start with
 * @param suffix what they end with
 */
record UniqueNames(String prefix, String suffix) implements FileNaming {
  private static final long serialVersionUID = 1L;

  @Override
  public String getFilename(
      BoundedWindow window, PaneInfo pane, int numShards, int shardIndex, Compression compression) {
    return prefix + "-" + UUID.randomUUID() + suffix;
  }
}
